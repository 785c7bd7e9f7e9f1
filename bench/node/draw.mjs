// Draws jobs as Node programs do. Usage: node draw.mjs sharp|satori JOBS.json; prints CPU ms per creative, warm.
// JOBS.json: {bases: {name: path of a PNG}, faces: [{name, file}], jobs: [{base, width, height, slots: [...]}]}; a slot has
// {x, y, width, height, size, color, face, lines, text}: sharp draws the lines it is given, satori breaks the text itself.
import { readFileSync } from "node:fs";
import sharp from "sharp";

const [kind, file] = process.argv.slice(2);
const { bases, faces, jobs } = JSON.parse(readFileSync(file, "utf8"));
sharp.concurrency(1);
const pixels = {};
for (const [name, path] of Object.entries(bases)) {
  pixels[name] = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
}
const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

function finished(job, overlay) {
  const { data, info } = pixels[job.base];
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .composite([overlay])
    .jpeg({ quality: 92, chromaSubsampling: "4:2:0" })
    .toBuffer();
}

async function bySharp(job) {
  const lines = job.slots.flatMap((slot) =>
    slot.lines.map((line) =>
      `<text x="${line.x}" y="${line.baseline}" font-family="${slot.family}" font-weight="${slot.weight}" ` +
      `font-size="${slot.size}" fill="${slot.color}">${escape(line.text)}</text>`));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${job.width}" height="${job.height}">${lines.join("")}</svg>`;
  return finished(job, { input: Buffer.from(svg) });
}

async function satoriDrawer() {
  const { default: satori } = await import("satori");
  const { Resvg } = await import("@resvg/resvg-js");
  const fonts = faces.map((face) => ({ name: face.name, data: readFileSync(face.file), weight: 400, style: "normal" }));
  return async (job) => {
    const children = job.slots.map((slot) => ({
      type: "div",
      props: {
        style: { position: "absolute", left: slot.x, top: slot.y, width: slot.width + 1, fontSize: slot.size, color: slot.color,
          fontFamily: slot.face, lineHeight: 1.2 },
        children: slot.text,
      },
    }));
    const root = { type: "div", props: { style: { display: "flex", width: job.width, height: job.height }, children } };
    const svg = await satori(root, { width: job.width, height: job.height, fonts });
    const drawn = new Resvg(svg, { font: { loadSystemFonts: false } }).render();
    const raw = { width: drawn.width, height: drawn.height, channels: 4, premultiplied: true };
    return finished(job, { input: Buffer.from(drawn.pixels), raw });
  };
}

const draw = kind === "sharp" ? bySharp : await satoriDrawer();
for (const job of jobs.slice(0, 5)) await draw(job);
const before = process.cpuUsage();
let bytes = 0;
for (const job of jobs) bytes += (await draw(job)).length;
const used = process.cpuUsage(before);
console.log(JSON.stringify({ ms: (used.user + used.system) / 1000 / jobs.length, bytes: bytes / jobs.length }));
