// What no honest client sends: HTTP and WebSocket bytes by hand, against --mode engine.

import assert from "node:assert/strict";
import crypto from "node:crypto";
import fs from "node:fs";
import { sleep, within } from "./lib.mjs";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";  // RFC 6455 1.3

export function hostileCases(suite) {
  http(suite);
  handshake(suite);
  frames(suite);
  floods(suite);
}

function http(suite) {
  const host = "Host: a\r\n";
  const poll = "/engine.io/?EIO=4&transport=polling";
  const refused = {
    "a Transfer-Encoding": [`POST ${poll} HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 501],
    "Transfer-Encoding and Content-Length": [`POST ${poll} HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: identity\r\n\r\nabcde`, 400],
    "chunked, identity": [`POST ${poll} HTTP/1.1\r\n${host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, 501],
    "two lengths": [`POST ${poll} HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\na`, 400],
    "a negative length": [`POST ${poll} HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`, 400],
    "a length that is no number": [`POST ${poll} HTTP/1.1\r\n${host}Content-Length: 1x\r\n\r\na`, 400],
    "a length beyond 64 bits": [`POST ${poll} HTTP/1.1\r\n${host}Content-Length: 99999999999999999999\r\n\r\n`, 400],
    "HTTP/1.0 with a body": [`POST ${poll} HTTP/1.0\r\n${host}Content-Length: 1\r\n\r\na`, 400],
    "no Host": [`GET ${poll} HTTP/1.1\r\n\r\n`, 400],
    "two Hosts": [`GET ${poll} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`, 400],
    "a folded header": [`GET ${poll} HTTP/1.1\r\n${host}A: b\r\n c\r\n\r\n`, 400],
    "a bare line feed": [`GET ${poll} HTTP/1.1\nHost: a\r\nA: b\r\n\r\n`, 400],
    "a space before the colon": [`GET ${poll} HTTP/1.1\r\nHost : a\r\n\r\n`, 400],
    "no version": [`GET ${poll}\r\n${host}\r\n`, 400],
    "HTTP/2.0": [`GET ${poll} HTTP/2.0\r\n${host}\r\n`, 400],
    "an absolute target": [`GET http://a${poll} HTTP/1.1\r\n${host}\r\n`, 400],
    "CONNECT": [`CONNECT a:1 HTTP/1.1\r\n${host}\r\n`, 400],
    "nonsense": ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400],
    "a NUL in a header": [`GET ${poll} HTTP/1.1\r\n${host}A: \0\r\n\r\n`, 400],
    "very many headers": [`GET ${poll} HTTP/1.1\r\n${host}${"a: b\r\n".repeat(500)}\r\n`, 431],
    "one huge header": [`GET ${poll} HTTP/1.1\r\n${host}A: ${"b".repeat(9000)}\r\n\r\n`, 431],
    "a huge target": [`GET ${poll}&${"b".repeat(9000)} HTTP/1.1\r\n${host}\r\n`, 431],
    "a head without end": [`GET ${poll} HTTP/1.1\r\n${"A: b\r\n".repeat(3000)}`, 431],
    "a huge body": [`POST ${poll} HTTP/1.1\r\n${host}Content-Length: 1000001\r\n\r\n`, 413],
    "a body beyond all memory": [`POST ${poll} HTTP/1.1\r\n${host}Content-Length: 9999999999999\r\n\r\n`, 413],
  };
  for (const [name, [bytes, status]] of Object.entries(refused)) {
    suite.case(`HTTP with ${name}: ${status} and closed`, async (server) => {
      const raw = server.raw(Buffer.from(bytes, "latin1"));
      const answer = await raw.end();
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
      assert.equal(answer.split("HTTP/1.1").length, 2, "one answer");
      await server.isWell();
    });
  }
  suite.case("a body at the limit is taken, byte for byte", async (server) => {
    const session = await server.polling();
    const text = "4" + "x".repeat(999999);
    assert.equal((await session.post(text)).status, 200);
    assert.equal((await session.poll()).body, text);
  });
  suite.case("requests in one packet are answered in order", async (server) => {
    const one = (query) => `GET /engine.io/?${query} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const raw = server.raw(one("EIO=4&transport=a") + one("EIO=3&transport=polling") + one("EIO=4&transport=polling&sid=x") +
      `GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    const answer = await raw.end();
    assert.deepEqual([...answer.matchAll(/"code":(\d)|HTTP\/1.1 (404)/g)].map((m) => m[1] ?? m[2]), ["0", "5", "1", "404"]);
  });
  suite.case("a request byte by byte", async (server) => {
    const raw = server.raw();
    for (const letter of "POST /engine.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc") {
      await raw.write(letter);
      if (letter === "\r") await sleep(2);
    }
    assert.match(await raw.end(), /"code":2/);
  });
  suite.case("Expect: 100-continue", async (server) => {
    const raw = server.raw("POST /engine.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
    await raw.until(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
    await raw.write("abc");
    assert.match(await raw.end(), /"code":2/);
  });
  suite.case("a client that shuts its side after the request still gets the answer", async (server) => {
    const raw = server.raw();
    raw.socket.end("GET /engine.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n\r\n");
    assert.match(await raw.until(/"sid"/), /200 OK/);
  });
  suite.case("HTTP/1.0 is answered and closed", async (server) => {
    assert.match(await server.raw("GET /engine.io/?EIO=4&transport=polling HTTP/1.0\r\n\r\n").end(), /Connection: close/);
  });
  suite.case("HEAD has no body", async (server) => {
    const answer = await server.raw("HEAD /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").end();
    assert.match(answer, /404 Not Found/);
    assert.match(answer, /\r\n\r\n$/);
  });
  suite.case("a pipelining client that never reads is held, not served without end", async (server) => {
    const raw = server.raw();
    raw.socket.pause();
    const many = "GET /engine.io/?EIO=4&transport=a HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2000);
    let refused = false;
    for (let i = 0; i < 100 && !refused; i += 1) refused = !raw.socket.write(many) && raw.socket.writableLength > 4e6;
    assert.ok(refused, "the server went on reading");
    raw.socket.destroy();
    await server.isWell();
  });
}

const upgrade = (query, headers = {}) => {
  const all = { Host: "a", Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": KEY, ...headers };
  const lines = Object.entries(all).filter(([, value]) => value !== null).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET /engine.io/?${query} HTTP/1.1\r\n${lines.join("")}\r\n`;
};

function handshake(suite) {
  suite.case("the accept key is that of the RFC, no extension is agreed", async (server) => {
    const raw = server.raw(upgrade("EIO=4&transport=websocket", { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" }));
    const answer = await raw.until(/\r\n\r\n/);
    assert.match(answer, /^HTTP\/1.1 101 /);
    assert.match(answer, /Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/);
    assert.doesNotMatch(answer, /extensions/i);
    raw.socket.destroy();
  });
  const bad = {
    "no key": { "Sec-WebSocket-Key": null },
    "a short key": { "Sec-WebSocket-Key": "abc" },
    "version 8": { "Sec-WebSocket-Version": "8" },
    "no Upgrade": { Upgrade: null },
    "another Upgrade": { Upgrade: "h2c" },
    "no Connection: Upgrade": { Connection: "keep-alive" },
  };
  for (const [name, headers] of Object.entries(bad)) {
    suite.case(`a WebSocket with ${name}: 400`, async (server) => {
      const raw = server.raw(upgrade("EIO=4&transport=websocket", headers));
      assert.match(await raw.until(/\r\n\r\n/), /^HTTP\/1.1 400 /);
      raw.socket.destroy();
    });
  }
  suite.case("Connection: keep-alive, Upgrade and odd case are fine", async (server) => {
    const raw = server.raw(upgrade("EIO=4&transport=websocket", { Connection: "keep-alive, uPGRADE", Upgrade: "WebSocket" }));
    await raw.until(/"sid"/);
    raw.socket.destroy();
  });
  suite.case("frames sent together with the handshake are not lost", async (server) => {
    const raw = server.raw(Buffer.concat([Buffer.from(upgrade("EIO=4&transport=websocket")), frame(1, "4early")]));
    await raw.until(/4early/);
    raw.socket.destroy();
  });
}

// A masked frame; `first` overrides the first byte, `claim` the length that is told.
function frame(opcode, payload, { fin = true, first, mask = true, claim } = {}) {
  const data = Buffer.from(payload);
  const size = claim ?? data.length;
  const head = [first ?? ((fin ? 0x80 : 0) | opcode)];
  const bit = mask ? 0x80 : 0;
  if (size < 126) head.push(bit | size);
  else if (size < 65536) head.push(bit | 126, size >> 8, size & 255);
  else {
    head.push(bit | 127);
    for (const byte of (() => { const b = Buffer.alloc(8); b.writeBigUInt64BE(BigInt(size)); return b; })()) head.push(byte);
  }
  const key = mask ? crypto.randomBytes(4) : Buffer.alloc(0);
  const body = mask ? data.map((byte, i) => byte ^ key[i & 3]) : data;
  return Buffer.concat([Buffer.from(head), key, body]);
}

const closeFrame = (code) => Buffer.from([0x88, 2, code >> 8, code & 255]).toString("latin1");

function frames(suite) {
  const opened = async (server) => {
    const raw = server.raw(upgrade("EIO=4&transport=websocket"));
    await raw.until(/"maxPayload":\d+\}/);
    raw.received = Buffer.alloc(0);
    return raw;
  };
  const closes = {
    "an unmasked frame": [frame(1, "4a", { mask: false }), 1002],
    "a reserved bit": [frame(1, "4a", { first: 0xc1 }), 1002],
    "opcode 3": [frame(3, "4a"), 1002],
    "opcode 11": [frame(11, "4a"), 1002],
    "a continuation of nothing": [frame(0, "4a"), 1002],
    "a new message inside a fragmented one": [Buffer.concat([frame(1, "4a", { fin: false }), frame(1, "4b")]), 1002],
    "a ping of 126 bytes": [frame(9, "x".repeat(126)), 1002],
    "a fragmented ping": [frame(9, "x", { fin: false }), 1002],
    "a length not in its shortest form": [Buffer.concat([Buffer.from([0x81, 0xfe, 0, 2]), Buffer.alloc(4), Buffer.from("4a")]), 1002],
    "a length with the top bit": [Buffer.concat([Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 1]), Buffer.alloc(4)]), 1002],
    "a frame that claims too much": [frame(1, "4", { claim: 1000002 }), 1009],
    "a message of too many bytes in fragments": [Buffer.concat([frame(1, "4".repeat(600000), { fin: false }), frame(0, "4".repeat(600000))]), 1009],
    "invalid UTF-8": [frame(1, Buffer.from([0x34, 0xc3, 0x28])), 1007],
    "an overlong form": [frame(1, Buffer.from([0x34, 0xc0, 0xaf])), 1007],
    "a surrogate": [frame(1, Buffer.from([0x34, 0xed, 0xa0, 0x80])), 1007],
    "a code point beyond 0x10ffff": [frame(1, Buffer.from([0x34, 0xf4, 0x90, 0x80, 0x80])), 1007],
    "UTF-8 cut at the end": [frame(1, Buffer.from([0x34, 0xe2, 0x82])), 1007],
    "close with one byte": [frame(8, "a"), 1002],
    "close with code 1005": [frame(8, Buffer.from([0x03, 0xed])), 1002],
    "close with code 999": [frame(8, Buffer.from([0x03, 0xe7])), 1002],
    "close with code 65535": [frame(8, Buffer.from([0xff, 0xff])), 1002],
    "close with a reason that is no UTF-8": [frame(8, Buffer.from([0x03, 0xe8, 0xc3, 0x28])), 1007],
    "endless zero-length fragments": [Buffer.concat([frame(1, "4", { fin: false }), ...Array(3000).fill(frame(0, "", { fin: false }))]), 1008],
  };
  for (const [name, [bytes, code]] of Object.entries(closes)) {
    suite.case(`WebSocket, ${name}: closed with ${code}`, async (server) => {
      const raw = await opened(server);
      raw.socket.write(bytes);
      const answer = await raw.end();
      assert.ok(answer.endsWith(closeFrame(code)), Buffer.from(answer, "latin1").toString("hex").slice(-40));
      await server.isWell();
    });
  }
  for (const [sent, answered] of [[[], 1000], [[1000], 1000], [[1001], 1001], [[3000], 3000], [[4999], 4999], [[1000, "bye"], 1000]]) {
    suite.case(`WebSocket close ${sent} is answered by ${answered}`, async (server) => {
      const raw = await opened(server);
      const payload = sent.length === 0 ? "" : Buffer.concat([Buffer.from([sent[0] >> 8, sent[0] & 255]), Buffer.from(sent[1] ?? "")]);
      raw.socket.write(Buffer.concat([frame(8, payload), frame(1, "4after the end")]));
      assert.equal(await raw.end(), closeFrame(answered));
    });
  }
  suite.case("WebSocket ping is answered by a pong with its payload, between fragments too", async (server) => {
    const raw = await opened(server);
    raw.socket.write(Buffer.concat([frame(1, "4he", { fin: false }), frame(9, "pay"), frame(0, "llo", { fin: false }), frame(10, "unasked"), frame(0, "!")]));
    await raw.until(/\x8a\x03pay\x81\x074hello!/);
    raw.socket.destroy();
  });
  suite.case("WebSocket, a ping of 125 bytes", async (server) => {
    const raw = await opened(server);
    raw.socket.write(frame(9, "p".repeat(125)));
    await raw.until(/\x8a\x7dp{125}/);
    raw.socket.destroy();
  });
  suite.case("UTF-8 split between fragments", async (server) => {
    const raw = await opened(server);
    const text = Buffer.from("4\u20ac\u{1f600}");
    raw.socket.write(Buffer.concat([...text].map((byte, i) => frame(i === 0 ? 1 : 0, [byte], { fin: i === text.length - 1 }))));
    await raw.until(new RegExp(text.toString("latin1")));
    raw.socket.destroy();
  });
  suite.case("frames byte by byte", async (server) => {
    const raw = await opened(server);
    for (const byte of Buffer.concat([frame(1, "4one"), frame(1, "4" + "t".repeat(130)), frame(9, "")])) {
      await raw.write(Buffer.from([byte]));
    }
    await raw.until(/4one[^]*t{130}\x8a\x00/);
    raw.socket.destroy();
  });
  for (const size of [124, 125, 126, 127, 128, 65534, 65535, 65536, 65537, 999999]) {
    suite.case(`WebSocket, a binary message of ${size} bytes`, async (server) => {
      const ws = await server.wsOpened();
      const data = crypto.randomBytes(size);
      ws.send(data);
      for (;;) {
        const got = await ws.next();
        if (got === "2") continue;
        assert.ok(data.equals(got));
        break;
      }
      ws.close();
    });
  }
  suite.case("thousands of messages in one write, each answered", async (server) => {
    const raw = await opened(server);
    raw.socket.write(Buffer.concat(Array.from({ length: 3000 }, (_, i) => frame(1, `4${i};`))));
    const got = await raw.until(/42999;/);
    assert.equal(got.match(/\d+;/g).length, 3000);
    raw.socket.destroy();
  });
}

// S2: what is sent without end.
function floods(suite) {
  const opened = async (server) => {
    const raw = server.raw(upgrade("EIO=4&transport=websocket"));
    await raw.until(/"maxPayload":\d+\}/);
    raw.received = Buffer.alloc(0);
    return raw;
  };
  for (const [name, opcode] of [["pings", 9], ["pongs", 10]]) {
    suite.case(`WebSocket, endless ${name}: closed with 1008`, async (server) => {
      const raw = await opened(server);
      raw.socket.write(Buffer.concat(Array(5000).fill(frame(opcode, ""))));
      const answer = await raw.end();
      assert.ok(answer.endsWith(closeFrame(1008)), Buffer.from(answer, "latin1").toString("hex").slice(-40));
      await server.isWell();
    });
  }
  suite.case("a client that sends pings and reads nothing costs no memory and is closed", async (server) => {
    const raw = await opened(server);
    raw.socket.pause();
    const memory = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${server.process.pid}/status`))[1]);
    const before = memory();
    const gone = new Promise((resolve) => raw.socket.on("close", resolve));
    const many = Buffer.concat(Array(1000).fill(frame(9, "p".repeat(125))));
    const timer = setInterval(() => raw.socket.writableLength < 4e6 && raw.socket.write(many), 1);
    await within(gone, "end of connection");
    clearInterval(timer);
    assert.ok(memory() - before < 30_000, `${memory() - before} kB more`);
    await server.isWell();
  });
  suite.case("endless polling packets: 400 and the session ends", async (server) => {
    const session = await server.polling();
    const post = Array(16).fill("3").join("\x1e");
    let answer = { status: 200 };
    for (let posts = 0; posts < 1000 && answer.status === 200; posts += 1) answer = await session.post(post);
    assert.equal(answer.status, 400);
    assert.match((await session.poll()).body, /"code":1/);
  });
}

// With the suite's own ping times.
export function patienceCases(suite) {
  suite.case("a reader that never reads is closed, the others are not held up", async (server) => {
    const ws = await server.wsOpened();
    ws.socket.pause();
    const big = Buffer.alloc(900000, "x");
    const timer = setInterval(() => ws.socket.readyState === 1 && ws.socket.bufferedAmount < 4e6 && ws.send(big), 5);
    await server.isWell();
    const session = await server.polling();
    await session.post("4x");
    assert.equal((await session.poll()).body, "4x");
    // The heartbeat ends it at the latest; what is asked here is that it ends at all without taking anybody along.
    await sleep(1500);
    clearInterval(timer);
    ws.socket.resume();
    await ws.isClosed();
    await server.isWell();
  });
  suite.case("a polling client for which more is queued than the budget is closed", async (server) => {
    const session = await server.polling();
    for (let i = 0; i < 5; i += 1) await session.post("4" + "x".repeat(990000));
    assert.equal((await session.poll()).status, 400);
    await server.isWell();
  });
  suite.case("300 connections that say nothing do not keep others out", async (server) => {
    const idle = Array.from({ length: 300 }, () => server.raw("GET /eng"));
    await sleep(100);
    await server.isWell();
    for (const raw of idle) raw.socket.destroy();
  });
}
