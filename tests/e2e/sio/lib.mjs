// Starts the server under test and speaks to it with as little between us and the bytes as each case allows.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import assert from "node:assert/strict";
import WebSocket from "ws";

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Far beyond any time a case should need; a case that meets it has failed.
const PATIENCE = 8000;

export function within(promise, what, ms = PATIENCE) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export class Server {
  // With `certificate` ({cert, key}: files) everything goes over TLS.
  static async start(binary, mode, options = {}, certificate = undefined) {
    const words = ["--mode", mode, "--port", "0"];
    for (const [name, value] of Object.entries(options)) words.push(`--${name}`, String(value));
    if (certificate) words.push("--tls-cert", certificate.cert, "--tls-key", certificate.key);
    const server = new Server();
    server.secure = certificate !== undefined;
    server.ca = certificate && readFileSync(certificate.cert);
    server.path = mode === "engine" ? "/engine.io/" : "/socket.io/";
    server.options = options;
    server.process = spawn(binary, words, { stdio: ["ignore", "pipe", "inherit"] });
    server.ended = new Promise((resolve) => server.process.on("exit", (code, signal) => resolve({ code, signal })));
    const first = await within(new Promise((resolve) => server.process.stdout.once("data", resolve)), "first line");
    server.port = Number(/:(\d+)/.exec(first)[1]);
    return server;
  }

  async stop() {
    this.process.kill("SIGTERM");
    const { code, signal } = await within(this.ended, "end of the server");
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, "the server ends in good order");
  }

  get origin() {
    return `http${this.secure ? "s" : ""}://127.0.0.1:${this.port}`;
  }

  // One request on a connection of its own, so that the kernel spreads them over the shards.
  request(method, query, { body, headers = {}, agent = false, path = this.path } = {}) {
    return within(this.rawRequest(method, query, { body, headers, agent, path }).answer, `answer to ${method} ${query}`);
  }

  rawRequest(method, query, { body, headers = {}, agent = false, path = this.path } = {}) {
    let request;
    const answer = new Promise((resolve, reject) => {
      request = (this.secure ? https : http).request(
        { host: "127.0.0.1", port: this.port, ca: this.ca, method, path: query === null ? path : `${path}?${query}`, headers, agent },
        (response) => {
          const parts = [];
          response.on("data", (part) => parts.push(part));
          response.on("end", () =>
            resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString() }));
          response.on("error", reject);
        });
      request.on("error", reject);
      request.end(body);
    });
    answer.catch(() => {});
    return { request, answer };
  }

  get(query, options) {
    return this.request("GET", query, options);
  }
  post(query, body, options) {
    return this.request("POST", query, { body, ...options });
  }

  // A polling session: the handshake, and the requests that bear its sid.
  async polling(options) {
    const opened = await this.get("EIO=4&transport=polling", options);
    assert.equal(opened.status, 200);
    const open = JSON.parse(opened.body.slice(1));
    const query = `EIO=4&transport=polling&sid=${open.sid}`;
    return {
      open, sid: open.sid, query, opened,
      poll: (more) => this.get(query, more),
      // Packets of the next poll that brings more than heartbeats, which are answered.
      pollReal: async () => {
        for (;;) {
          const answer = await this.get(query);
          assert.equal(answer.status, 200, answer.body);
          const packets = answer.body.split("\x1e");
          const real = packets.filter((packet) => packet !== "2");
          if (real.length < packets.length) await this.post(query, "3");
          if (real.length > 0) return real;
        }
      },
      post: (body, more) => this.post(query, body, more),
    };
  }

  ws(query, options) {
    return new Ws(`ws${this.secure ? "s" : ""}://127.0.0.1:${this.port}${this.path}?${query}`, { ca: this.ca, ...options });
  }

  async wsOpened() {
    const ws = this.ws("EIO=4&transport=websocket");
    ws.open = JSON.parse((await ws.next()).slice(1));
    return ws;
  }

  // A Socket.IO connection over WebSocket, joined to the namespace /.
  async joined(auth = "") {
    const ws = await this.wsOpened();
    ws.send(`40${auth}`);
    ws.connect = JSON.parse((await ws.next()).slice(2));
    ws.auth = await ws.next();
    return ws;
  }

  raw(text) {
    return new Raw(this, text);
  }

  // The server still serves: what every hostile case ends with.
  async isWell() {
    const ws = await this.wsOpened();
    ws.close();
    await ws.closed;
  }
}

// A WebSocket with its messages in a queue.
export class Ws {
  constructor(url, options) {
    this.messages = [];
    this.waiting = [];
    this.socket = new WebSocket(url, { perMessageDeflate: true, ...options });
    this.socket.on("message", (data, binary) => this.#take(binary ? data : data.toString()));
    this.socket.on("error", (error) => (this.error = error));
    this.closed = new Promise((resolve) => this.socket.on("close", (code) => resolve(code)));
    this.ready = new Promise((resolve) => this.socket.on("open", () => resolve(true)));
    this.closed.then(() => {
      for (const waiting of this.waiting) waiting.reject(new Error("closed while a message was awaited"));
    });
  }
  #take(message) {
    const waiting = this.waiting.shift();
    if (waiting) waiting.resolve(message);
    else this.messages.push(message);
  }
  next(what = "message") {
    if (this.messages.length > 0) return Promise.resolve(this.messages.shift());
    return within(new Promise((resolve, reject) => this.waiting.push({ resolve, reject })), what);
  }
  // The next message that is no heartbeat; heartbeats are answered.
  async nextReal() {
    for (;;) {
      const message = await this.next();
      if (message !== "2") return message;
      this.send("3");
    }
  }
  send(data) {
    this.socket.send(data);
  }
  close() {
    this.socket.close();
  }
  isClosed() {
    return within(this.closed, "close");
  }
}

// A TCP or TLS connection for what no library would send.
export class Raw {
  constructor(server, text) {
    this.received = Buffer.alloc(0);
    this.socket = (server.secure ? tls : net).connect({ host: "127.0.0.1", port: server.port, ca: server.ca, allowHalfOpen: true });
    this.socket.setNoDelay(true);
    this.socket.on("data", (data) => (this.received = Buffer.concat([this.received, data])));
    this.socket.on("error", () => {});
    this.ended = new Promise((resolve) => {
      this.socket.on("end", resolve);
      this.socket.on("close", resolve);
    });
    if (text !== undefined) this.socket.write(text);
  }
  write(data) {
    return new Promise((resolve) => this.socket.write(data, resolve));
  }
  async until(pattern) {
    const begin = Date.now();
    while (!pattern.test(this.received.toString("latin1"))) {
      if (Date.now() - begin > PATIENCE) throw new Error(`never ${pattern}: ${this.received.toString("latin1").slice(0, 300)}`);
      await sleep(5);
    }
    return this.received.toString("latin1");
  }
  async end() {
    await within(this.ended, "end of connection");
    this.socket.destroy();
    return this.received.toString("latin1");
  }
}

// Cases run a few at a time: most of their time is waiting.
export class Suite {
  passed = 0;
  failed = 0;
  #cases = [];

  case(name, run) {
    this.#cases.push({ name, run });
  }

  async run(title, server, width = 6) {
    const queue = this.#cases.splice(0);
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        try {
          await within(next.run(server), "end of the case", 30000);
          this.passed += 1;
          console.log(`ok    ${title}: ${next.name}`);
        } catch (error) {
          this.failed += 1;
          console.log(`FAIL  ${title}: ${next.name}\n      ${String(error.stack).replaceAll("\n", "\n      ")}`);
        }
      }
    };
    await Promise.all(Array.from({ length: width }, worker));
  }
}
