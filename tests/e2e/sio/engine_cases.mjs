// Engine.IO 4 as sio-conformance.md has it, against --mode engine.

import assert from "node:assert/strict";
import { sleep, within } from "./lib.mjs";

const FAULTS = {
  version: '{"code":5,"message":"Unsupported protocol version"}',
  transport: '{"code":0,"message":"Transport unknown"}',
  method: '{"code":2,"message":"Bad handshake method"}',
  sid: '{"code":1,"message":"Session ID unknown"}',
};

// With the suite's own ping times.
export function timedEngineCases(suite) {
  handshakes(suite);
  heartbeats(suite);
}

// With longer ones, so that a busy machine is not taken for a dead client.
export function engineCases(suite) {
  messages(suite);
  closes(suite);
  upgrades(suite);
  cors(suite);
}

function handshakes(suite) {
  suite.case("the open packet over polling has exactly the five keys", async (server) => {
    const { open, opened } = await server.polling();
    assert.deepEqual(Object.keys(open).sort(), ["maxPayload", "pingInterval", "pingTimeout", "sid", "upgrades"]);
    assert.equal(opened.body[0], "0");
    assert.match(open.sid, /^[A-Za-z0-9_-]{20}$/);
    assert.deepEqual({ ...open, sid: "" },
      { sid: "", upgrades: ["websocket"], pingInterval: 300, pingTimeout: 200, maxPayload: 1000000 });
    assert.equal(opened.headers["content-type"], "text/plain; charset=UTF-8");
    assert.equal(opened.headers["cache-control"], "no-store");
  });
  suite.case("the open packet over WebSocket offers no upgrade", async (server) => {
    const ws = await server.wsOpened();
    assert.deepEqual({ ...ws.open, sid: "" },
      { sid: "", upgrades: [], pingInterval: 300, pingTimeout: 200, maxPayload: 1000000 });
    ws.close();
  });
  const refused = {
    "without EIO": ["transport=polling", FAULTS.version],
    "with EIO=abc": ["EIO=abc&transport=polling", FAULTS.version],
    "with EIO=3": ["EIO=3&transport=polling", FAULTS.version],
    "without transport": ["EIO=4", FAULTS.transport],
    "with an unknown transport": ["EIO=4&transport=abc", FAULTS.transport],
    "with an unknown sid": ["EIO=4&transport=polling&sid=abc", FAULTS.sid],
    "with an unknown sid of the right form": ["EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA", FAULTS.sid],
    "with a sid of a shard that is not there": ["EIO=4&transport=polling&sid=__________________-_", FAULTS.sid],
  };
  for (const [name, [query, body]] of Object.entries(refused)) {
    suite.case(`GET ${name}: 400`, async (server) => {
      const answer = await server.get(query);
      assert.equal(answer.status, 400);
      assert.equal(answer.body, body);
      assert.equal(answer.headers["content-type"], "application/json");
    });
    suite.case(`WebSocket ${name}: closed`, async (server) => {
      const ws = server.ws(query.replace("polling", "websocket"));
      await ws.isClosed();
      assert.equal(ws.messages.length, 0);
    });
  }
  for (const method of ["POST", "PUT", "DELETE"]) {
    suite.case(`${method} to the handshake URL: 400`, async (server) => {
      const answer = await server.request(method, "EIO=4&transport=polling", { body: "x" });
      assert.deepEqual([answer.status, answer.body], [400, FAULTS.method]);
    });
  }
  suite.case("transport=websocket without an upgrade: 400", async (server) => {
    assert.equal((await server.get("EIO=4&transport=websocket")).status, 400);
  });
  for (const query of ["EIO=4&EIO=4&transport=polling", "EIO=4&transport=polling&transport=websocket",
    "EIO[]=4&transport=polling", "EIO=4&transport[toString]=1", "EIO=4&transport=__proto__", "%", "=&=&&=", "EIO=4&transport=polling&sid=%00",
    "EIO=4&transport=polling&sid=a&sid=b"]) {
    suite.case(`advisory, crafted query ${query}: 400`, async (server) => {
      assert.equal((await server.get(query)).status, 400);
    });
  }
}

function messages(suite) {
  suite.case("POST is answered by ok, its packets come back in one payload", async (server) => {
    const session = await server.polling();
    const posted = await session.post("4test1\x1e4test2\x1e4test3");
    assert.deepEqual([posted.status, posted.body], [200, "ok"]);
    assert.equal((await session.poll()).body, "4test1\x1e4test2\x1e4test3");
  });
  suite.case("a waiting poll is answered by what comes", async (server) => {
    const session = await server.polling();
    const poll = session.poll();
    await sleep(20);
    await session.post("4now");
    assert.equal((await poll).body, "4now");
  });
  suite.case("binary over polling", async (server) => {
    const session = await server.polling();
    await session.post("4a\x1ebAQIDBA==\x1ebAQ");
    assert.equal((await session.poll()).body, "4a\x1ebAQIDBA==\x1ebAQ==");
  });
  suite.case("text and binary over WebSocket", async (server) => {
    const ws = await server.wsOpened();
    ws.send("4héllo \u{1f600}");
    assert.equal(await ws.next(), "4héllo \u{1f600}");
    ws.send(Buffer.from([1, 2, 3, 4]));
    assert.deepEqual(await ws.next(), Buffer.from([1, 2, 3, 4]));
    ws.send("4");
    assert.equal(await ws.next(), "4");
    ws.close();
  });
  for (const body of ["abc", "", "7", "4a\x1e", "\x1e", "4a\x1e9", "b====", "b!", "2", "4a\x1e\x1e4b"]) {
    suite.case(`POST of ${JSON.stringify(body)}: 400 and the session is gone`, async (server) => {
      const session = await server.polling();
      assert.equal((await session.post(body)).status, 400);
      assert.equal((await session.poll()).status, 400);
    });
  }
  for (const text of ["abc", "", "7", "\u0000"]) {
    suite.case(`WebSocket text ${JSON.stringify(text)}: closed`, async (server) => {
      const ws = await server.wsOpened();
      ws.send(text);
      await ws.isClosed();
    });
  }
  suite.case("two polls at once: 1 for the first, 400 for the second, the session is gone", async (server) => {
    const session = await server.polling();
    const first = session.poll();
    await sleep(50);
    const second = await session.poll();
    assert.equal(second.status, 400);
    assert.deepEqual([(await first).status, (await first).body], [200, "1"]);
    assert.equal((await session.poll()).status, 400);
  });
  suite.case("PUT with a sid: 400", async (server) => {
    const session = await server.polling();
    assert.equal((await server.request("PUT", session.query, { body: "4" })).status, 400);
  });
  suite.case("many messages on one keep-alive connection", async (server) => {
    const { Agent } = await import(server.secure ? "node:https" : "node:http");
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const session = await server.polling({ agent });
    for (let i = 0; i < 20; i += 1) {
      await session.post(`4${i}`, { agent });
      assert.equal((await session.poll({ agent })).body, `4${i}`);
    }
    agent.destroy();
  });
}

function heartbeats(suite) {
  suite.case("polling: pings come and pongs keep the session", async (server) => {
    const session = await server.polling();
    for (let i = 0; i < 3; i += 1) {
      assert.equal((await session.poll()).body, "2");
      assert.equal((await session.post("3")).status, 200);
    }
  });
  suite.case("polling: after interval and timeout the session that never polls is gone, to the millisecond", async (server) => {
    const session = await server.polling();
    await sleep(502);  // ours began later than the server's
    assert.equal((await session.poll()).status, 400);
  });
  suite.case("polling: not before interval and timeout, whatever else is posted", async (server) => {
    const begin = performance.now();
    const session = await server.polling();
    while ((await session.post("4x")).status === 200) await sleep(10);  // does not count as a pong
    assert.ok(performance.now() - begin >= 499);
  });
  suite.case("WebSocket: pings come and pongs keep the session", async (server) => {
    const ws = await server.wsOpened();
    for (let i = 0; i < 3; i += 1) {
      assert.equal(await ws.next(), "2");
      ws.send("3");
    }
    ws.close();
  });
  suite.case("WebSocket: closed without a pong", async (server) => {
    const ws = await server.wsOpened();
    assert.equal(await ws.next(), "2");
    await ws.isClosed();
  });
  suite.case("polling: a waiting poll learns of the timeout", async (server) => {
    const session = await server.polling();
    assert.equal((await session.poll()).body, "2");
    const answer = await session.poll();
    assert.deepEqual([answer.status, answer.body], [200, "1"]);
    assert.equal((await session.poll()).status, 400);
  });
}

function closes(suite) {
  suite.case("POST of 1 while a poll waits: the poll gets 6, then 400", async (server) => {
    const session = await server.polling();
    const poll = session.poll();
    await sleep(50);
    assert.equal((await session.post("1")).status, 200);
    assert.deepEqual([(await poll).status, (await poll).body], [200, "6"]);
    assert.equal((await session.poll()).status, 400);
  });
  suite.case("WebSocket 1: closed", async (server) => {
    const ws = await server.wsOpened();
    ws.send("1");
    await ws.isClosed();
  });
  suite.case("a poll aborted by the client ends the session", async (server) => {
    const session = await server.polling();
    const { request } = server.rawRequest("GET", session.query);
    await sleep(60);
    request.destroy();
    await sleep(60);
    assert.equal((await session.poll()).status, 400);
  });
  suite.case("a WebSocket dropped without a word ends the session", async (server) => {
    const ws = await server.wsOpened();
    ws.socket.terminate();
    await sleep(60);
    assert.equal((await server.get(`EIO=4&transport=polling&sid=${ws.open.sid}`)).status, 400);
  });
}

function upgrades(suite) {
  const probed = async (server) => {
    const session = await server.polling();
    const ws = server.ws(`EIO=4&transport=websocket&sid=${session.sid}`);
    await ws.ready;
    ws.send("2probe");
    assert.equal(await ws.next(), "3probe");
    return { session, ws };
  };
  suite.case("probe, noop, upgrade, and messages both before and after", async (server) => {
    const session = await server.polling();
    const poll = session.poll();
    const ws = server.ws(`EIO=4&transport=websocket&sid=${session.sid}`);
    await ws.ready;
    ws.send("2probe");
    assert.equal(await ws.next(), "3probe");
    assert.deepEqual([(await poll).status, (await poll).body], [200, "6"]);
    await session.post("4queued");
    ws.send("5");
    assert.equal(await ws.nextReal(), "4queued");
    ws.send("4hello");
    assert.equal(await ws.nextReal(), "4hello");
    ws.close();
  });
  suite.case("a poll that comes after the probe is answered with 6 soon", async (server) => {
    const { session, ws } = await probed(server);
    const answer = await session.poll();
    assert.deepEqual([answer.status, answer.body], [200, "6"]);
    ws.close();
  });
  suite.case("after the upgrade polling is 400 and a second WebSocket is closed, the first goes on", async (server) => {
    const { session, ws } = await probed(server);
    ws.send("5");
    ws.send("4a");
    assert.equal(await ws.nextReal(), "4a");
    assert.equal((await session.poll()).status, 400);
    assert.equal((await session.post("4x")).status, 400);
    const second = server.ws(`EIO=4&transport=websocket&sid=${session.sid}`);
    await second.isClosed();
    ws.send("4hello");
    assert.equal(await ws.nextReal(), "4hello");
    ws.close();
  });
  suite.case("a WebSocket with the sid of a WebSocket session is closed, the first goes on", async (server) => {
    const ws = await server.wsOpened();
    await server.ws(`EIO=4&transport=websocket&sid=${ws.open.sid}`).isClosed();
    ws.send("4x");
    assert.equal(await ws.nextReal(), "4x");
    ws.close();
  });
  suite.case("a second probe while the first runs is refused, the first wins", async (server) => {
    const { session, ws } = await probed(server);
    await server.ws(`EIO=4&transport=websocket&sid=${session.sid}`).isClosed();
    ws.send("5");
    ws.send("4x");
    assert.equal(await ws.nextReal(), "4x");
    ws.close();
  });
  for (const first of ["abc", "5", "4message", "2", "2probe2", "1"]) {
    suite.case(`advisory, a probe that begins with ${first} is closed and polling goes on`, async (server) => {
      const session = await server.polling();
      const ws = server.ws(`EIO=4&transport=websocket&sid=${session.sid}`);
      await ws.ready;
      ws.send(first);
      await ws.isClosed();
      await session.post("4still");
      assert.equal((await session.poll()).body, "4still");
    });
  }
  suite.case("advisory, a probe that is never finished: polling goes on, its noops between", async (server) => {
    const { session, ws } = await probed(server);
    const got = [];
    await session.post("4a");
    while (!got.includes("4a")) got.push(...(await session.poll()).body.split("\x1e"));
    ws.close();
    await ws.isClosed();
    await session.post("4b");
    while (!got.includes("4b")) got.push(...(await session.poll()).body.split("\x1e"));
  });
  suite.case("advisory, polling and WebSocket raced on one sid: messages arrive once and in order", async (server) => {
    const session = await server.polling();
    const got = [];
    const ws = server.ws(`EIO=4&transport=websocket&sid=${session.sid}`);
    let polling = true;
    const poller = (async () => {
      while (polling) {
        const answer = await session.poll();
        if (answer.status !== 200) break;
        got.push(...answer.body.split("\x1e").filter((p) => p[0] === "4"));
        if (answer.body.split("\x1e").includes("6")) break;
      }
    })();
    for (let i = 0; i < 10; i += 1) await session.post(`4${i}`);
    await ws.ready;
    ws.send("2probe");
    assert.equal(await ws.next(), "3probe");
    for (let i = 10; i < 20; i += 1) await session.post(`4${i}`);
    await poller;
    polling = false;
    ws.send("5");
    for (let i = 20; i < 30; i += 1) ws.send(`4${i}`);
    while (got.length < 30) got.push(await ws.nextReal());
    assert.deepEqual(got, Array.from({ length: 30 }, (_, i) => `4${i}`));
    ws.close();
  });
  suite.case("the probing client goes without a word: the session lives on", async (server) => {
    const { session, ws } = await probed(server);
    ws.socket.terminate();
    await sleep(50);
    await session.post("4x");
    assert.equal((await session.poll()).body, "4x");
  });
}

function cors(suite) {
  const Origin = "https://play.example";
  const check = (answer) => {
    assert.equal(answer.headers["access-control-allow-origin"], Origin);
    assert.equal(answer.headers["access-control-allow-credentials"], "true");
    assert.match(answer.headers.vary, /Origin/);
  };
  suite.case("OPTIONS: 204 with methods, requested headers, no body", async (server) => {
    const answer = await server.request("OPTIONS", "EIO=4&transport=polling",
      { headers: { Origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-a,x-b" } });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers["access-control-allow-methods"], "GET,POST");
    assert.equal(answer.headers["access-control-allow-headers"], "x-a,x-b");
    assert.equal(answer.headers["content-length"], "0");
    check(answer);
  });
  suite.case("every answer echoes the origin with credentials, errors too", async (server) => {
    const headers = { Origin };
    const session = await server.polling({ headers });
    check(session.opened);
    check(await session.post("4x", { headers }));
    check(await session.poll({ headers }));
    check(await server.get("EIO=4&transport=abc", { headers }));
    check(await server.get("EIO=4&transport=polling&sid=nope", { headers }));
    check(await server.post("EIO=4&transport=polling", "x", { headers }));
    check(await session.post("x".repeat(1000001), { headers }));
    check(await session.post("abc", { headers }));
    check(await server.get("transport=polling", { headers }));
  });
  suite.case("without Origin there are no such headers", async (server) => {
    const { opened } = await server.polling();
    assert.equal(opened.headers["access-control-allow-origin"], undefined);
  });
}
