// node tests/e2e/sio/run.mjs <path to sio-conformance>
// Every point of the protocol against the real program, on one shard, on three, and on three with TLS.

import { makeCertificate } from "../lib/certificate.mjs";
import { Server, Suite } from "./lib.mjs";
import { clientCases } from "./client_cases.mjs";
import { engineCases, timedEngineCases } from "./engine_cases.mjs";
import { hostileCases, patienceCases } from "./hostile_cases.mjs";
import { socketCases } from "./socket_cases.mjs";

const binary = process.argv[2];
if (binary === undefined) {
  console.error("usage: run.mjs <path to sio-conformance>");
  process.exit(2);
}

const calm = { "ping-interval": 1000, "ping-timeout": 6000 };
// Nothing that is told by time, as TLS has no part in it.
const overTls = ["engine", "hostile", "socket", "clients"];
const certificate = makeCertificate();
const suite = new Suite();
for (const [shards, secure] of [[1, false], [3, false], [3, true]]) {
  for (const [title, mode, options, add] of [
    ["engine, timed", "engine", {}, timedEngineCases],
    ["engine", "engine", calm, engineCases],
    ["hostile, timed", "engine", {}, patienceCases],
    ["hostile", "engine", calm, hostileCases],
    ["socket", "socket", calm, socketCases],
    ["clients", "socket", { ...calm, recovery: 4000 }, clientCases],
  ]) {
    if (secure && !overTls.includes(title)) continue;
    add(suite);
    const where = `${title}, ${shards} shard${shards > 1 ? "s" : ""}${secure ? ", TLS" : ""}`;
    const server = await Server.start(binary, mode, { shards, ...options }, secure ? certificate : undefined);
    await suite.run(where, server);
    suite.case("the server ends in good order on SIGTERM", () => server.stop());
    await suite.run(where, server);
  }
}
certificate.forget();
console.log(`${suite.passed} passed, ${suite.failed} failed`);
process.exit(suite.failed === 0 ? 0 : 1);
