// Many files, one after the other, two at a time; a broken connection is tried again, and what is there already costs nothing.
const form = document.querySelector("[data-uploads]"), list = document.querySelector("#uploads");
const input = form?.querySelector("input[type=file]");
const waiting = [];
let running = 0;

input?.addEventListener("change", () => {
  for (const file of input.files) { const row = document.createElement("li"); row.textContent = file.name; list.append(row); waiting.push({ file, row, tries: 0 }); }
  input.value = "";
  work();
});

function work() {
  while (running < 2 && waiting.length) { running += 1; send(waiting.shift()); }
}

async function send(one) {
  const body = new FormData();
  body.append("file", one.file);
  try {
    const answer = await fetch(form.dataset.uploads, { method: "POST", body, headers: { "X-CSRF-Token": JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"], Accept: "application/json" } });
    const said = await answer.json();
    one.row.textContent = `${one.file.name}: ${said.said || said.title || answer.statusText}`;
    if (said.id) { const link = document.createElement("a"); link.href = `/library/${said.id}`; link.textContent = " →"; one.row.append(link); }
  } catch {
    one.tries += 1;
    if (one.tries < 5) { one.row.textContent = `${one.file.name} …`; setTimeout(() => { waiting.push(one); work(); }, 1000 * 2 ** one.tries); }
  }
  running -= 1;
  work();
}
