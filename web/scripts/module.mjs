// Builds replay.wasm (web/module/) into build/wasm. Fast when nothing changed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = join(fileURLToPath(import.meta.url), "..", "..", "module");
const out = join(source, "..", "..", "build", "wasm");

function run(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return;
  console.error(`${command} ${args.join(" ")}\n${error?.message ?? ""}${stdout ?? ""}${stderr ?? ""}`);
  console.error("replay.wasm was not built; scripts/setup.sh build installs what it needs");
  process.exit(1);
}

/** Gives the path of the module. Ends the program with what the compiler said when it cannot be built. */
export function buildModule() {
  if (!existsSync(join(out, "build.ninja"))) run("cmake", ["-S", source, "-B", out, "-G", "Ninja"]);
  run("cmake", ["--build", out]);
  return join(out, "replay.wasm");
}
