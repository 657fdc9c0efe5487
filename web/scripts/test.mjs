// Bundles every *.test.ts and runs them with node's own runner.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(fileURLToPath(import.meta.url), "..", "..");
const out = join(root, "dist", "test");

function testsIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testsIn(path);
    return entry.name.endsWith(".test.ts") ? [path] : [];
  });
}

rmSync(out, { recursive: true, force: true });
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
const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
process.exit(run.status ?? 1);
