// What is typed for a pile stays with it while others decide. The ids of its fields name its first ad; when another one comes first,
// they take the ids that the coming page has for the same ads: so `hx-preserve` keeps them, with caret and focus.
const members = (pile) => new Set([...pile.querySelectorAll("input[name=creative]")].map((input) => input.value.split("@")[0]));
const kept = (root) => [...root.querySelectorAll("[hx-preserve]")];
const begun = (field) => field === document.activeElement || (field.options ? field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected)) : field.value !== "");

/** The one of these piles that has most of these ads; null when none has any. */
function heir(ads, piles) {
  let found = null, most = 0;
  for (const [pile, others] of piles) {
    const shared = [...ads].filter((id) => others.has(id)).length;
    if (shared > most) [found, most] = [pile, shared];
  }
  return found;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, shouldSwap, serverResponse } = event.detail;
  if (!shouldSwap || !target.matches(".clusters")) return;
  const coming = new DOMParser().parseFromString(serverResponse, "text/html");
  const piles = [...coming.querySelectorAll(".pile")].map((pile) => [pile, members(pile)]);
  const typed = [...target.querySelectorAll(".pile")].filter((pile) => kept(pile).some(begun));
  // Where two piles become one, the one that somebody is typing in has the last word.
  typed.sort((a, b) => a.contains(document.activeElement) - b.contains(document.activeElement));
  const wanted = new Map();
  for (const pile of typed) {
    const next = heir(members(pile), piles), fields = kept(pile);
    if (next) kept(next).forEach((field, at) => wanted.set(field.id, fields[at]));
  }
  for (const field of kept(target)) field.removeAttribute("id");
  for (const [id, field] of wanted) field.id = id;
});
