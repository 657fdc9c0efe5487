// A small test runner: cases run one after the other, each prints a line, the end prints "N passed, N failed".

import assert from 'node:assert/strict';

export { assert };

const cases = [];

export function test(name, body) {
  cases.push({ name, body });
}

export async function runAll() {
  const only = process.env.ONLY;
  let passed = 0;
  let failed = 0;
  for (const { name, body } of cases) {
    if (only && !name.includes(only)) continue;
    const began = Date.now();
    try {
      await body();
      passed += 1;
      console.log(`ok   ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL ${name}\n     ${String(error.stack ?? error).replaceAll('\n', '\n     ')}`);
    }
  }
  return { passed, failed };
}

export async function finish(results) {
  console.log(`${results.passed} passed, ${results.failed} failed`);
  process.exit(results.failed === 0 && results.passed > 0 ? 0 : 1);
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Waits until probe() gives something true; the value is returned.
export async function until(what, probe, timeout = 10_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`timed out after ${timeout} ms: ${what}`);
    await sleep(10);
  }
}
