// Builds the pages into dist/play/: the game (script, style, font, icon) and the replay viewer with its worker, module and
// maps; the dashboard of staff into dist/admin/; copies docs/ to dist/docs/. `--watch` rebuilds on change.
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, context } from "esbuild";

import { buildModule } from "./module.mjs";

const root = join(fileURLToPath(import.meta.url), "..", "..");
const out = join(root, "dist", "play");
const mapFolder = join(root, "..", "maps");
const LIMIT_GZIP = 72_000;

/** Runs a module of ours at build time: it is bundled first, because it is TypeScript. */
async function load(entry) {
  const result = await build({ entryPoints: [join(root, entry)], bundle: true, format: "esm", platform: "node", write: false });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].text).toString("base64")}`);
}

const replayModule = buildModule();
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
cpSync(join(root, "play", "static"), out, { recursive: true });
cpSync(join(root, "docs"), join(root, "dist", "docs"), { recursive: true });  // the API's page: plain files
const { pixelFont } = await load("common/src/ttf.ts");
writeFileSync(join(out, "pixel.ttf"), pixelFont("Trespasser Pixel"));
const { iconPng } = await load("scripts/icon.ts");
writeFileSync(join(out, "icon.png"), iconPng());
copyFileSync(replayModule, join(out, "replay.wasm"));
const { readPng } = await load("common/src/png.ts");
const maps = [];
for (const file of readdirSync(mapFolder).filter((name) => name.endsWith(".png")).sort()) {
  const { width, height, rgb } = await readPng(new Uint8Array(readFileSync(join(mapFolder, file))));
  maps.push({ name: file.slice(0, -4), width, height, rgb: Buffer.from(rgb).toString("base64") });
}
writeFileSync(join(out, "replay-maps.json"), JSON.stringify(maps));

const adminOut = join(root, "dist", "admin");
rmSync(adminOut, { recursive: true, force: true });
cpSync(join(root, "admin", "static"), adminOut, { recursive: true });

const watch = process.argv.includes("--watch");
const options = {
  entryPoints: [
    { in: join(root, "play", "src", "main.ts"), out: "app" },
    { in: join(root, "play", "src", "replay.ts"), out: "replay" },
    { in: join(root, "play", "src", "replay_worker.ts"), out: "replay-worker" },
    { in: join(root, "play", "src", "app.css"), out: "app" },
  ],
  outdir: out,
  bundle: true,
  minify: !watch,
  sourcemap: watch ? "inline" : false,
  format: "iife",
  target: ["es2022", "chrome100", "firefox100", "safari15.4"],
  legalComments: "none",
  external: ["*.ttf"],
  logLevel: "warning",
};
// The dashboard of staff, which players never load.
const adminOptions = {
  ...options,
  entryPoints: [
    { in: join(root, "admin", "src", "main.ts"), out: "app" },
    { in: join(root, "admin", "src", "admin.css"), out: "app" },
  ],
  outdir: adminOut,
};
if (watch) {
  await (await context(options)).watch();
  await (await context(adminOptions)).watch();
} else {
  await build(options);
  await build(adminOptions);
  let total = 0;
  for (const file of readdirSync(out).sort()) {
    const bytes = readFileSync(join(out, file));
    const packed = gzipSync(bytes, { level: 9 }).length;
    if (!file.startsWith("replay")) total += packed;
    console.log(`${file.padEnd(16)} ${String(bytes.length).padStart(7)} bytes ${String(packed).padStart(6)} gzip`);
  }
  console.log(`the game together ${total} bytes gzip`);
  if (total > LIMIT_GZIP) {
    console.error(`more than ${LIMIT_GZIP} bytes`);
    process.exit(1);
  }
}
