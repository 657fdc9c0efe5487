// Bundles every *.test.ts into a temporary folder (not into dist/, which the server serves) and runs them with node's own
// runner. The replay module's tests need the server's programs: TRESPASSER_BIN, else build/release/bin.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

import { buildModule } from "./module.mjs";

const root = join(fileURLToPath(import.meta.url), "..", "..");
const out = mkdtempSync(join(tmpdir(), "trespasser-web-test-"));

function testsIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testsIn(path);
    return entry.name.endsWith(".test.ts") ? [path] : [];
  });
}

const entries = ["common/src", "play/src"].flatMap((folder) => testsIn(join(root, folder)));
await build({
  entryPoints: entries,
  outdir: out,
  outbase: root,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node18",
  sourcemap: "inline",
  logLevel: "warning",
});
const files = entries.map((path) => join(out, relative(root, path).replace(/\.ts$/, ".mjs")));
const repository = join(root, "..");
const programs = {
  TRESPASSER_BIN: join(repository, "build", "release", "bin"), ...process.env,
  TRESPASSER_MODULE: buildModule(), TRESPASSER_MAPS: join(repository, "maps"),
};
const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit", env: programs });
rmSync(out, { recursive: true, force: true });
process.exit(run.status ?? 1);
