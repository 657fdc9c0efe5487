// The official clients, recovery, and several shards, against --mode socket with --recovery.

import assert from "node:assert/strict";
import { io } from "socket.io-client";
import { sleep, within } from "./lib.mjs";

const once = (emitter, event) => within(new Promise((resolve) => emitter.once(event, (...args) => resolve(args))), event);

async function connected(server, options = {}) {
  const socket = io(server.origin, { forceNew: true, ca: server.ca, reconnectionDelay: 20, reconnectionDelayMax: 40, ...options });
  const auth = once(socket, "auth");
  await once(socket, "connect");
  socket.firstAuth = (await auth)[0];
  return socket;
}

async function roundTrip(socket, value) {
  const back = once(socket, "message-back");
  socket.emit("message", value);
  assert.deepEqual(await back, [value]);
}

export function clientCases(suite) {
  for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
    suite.case(`socket.io-client over ${transports}: auth, events, acks, binary, text of all kinds`, async (server) => {
      const socket = await connected(server, { transports, auth: { token: "t" } });
      assert.equal(socket.firstAuth.token, "t");
      if (transports.length === 2 && socket.io.engine.transport.name === "polling") await once(socket.io.engine, "upgrade");
      for (const value of [1, "häßlich \u{1f600} \u2028", { a: [null, true, 1.5] }, "x".repeat(30000), "\x1e", "\u0000"]) await roundTrip(socket, value);
      assert.equal(await socket.emitWithAck("message-with-ack", 7), 7);
      const data = Buffer.from([0, 1, 2, 255]);
      const back = once(socket, "message-back");
      socket.emit("message", { data, more: [data] });
      const [got] = await back;
      assert.ok(data.equals(Buffer.from(got.data)) && data.equals(Buffer.from(got.more[0])));
      await sleep(1200);  // a heartbeat
      assert.ok(socket.connected);
      socket.close();
    });
    suite.case(`recovery over ${transports}: same id, recovered, goes on`, async (server) => {
      const socket = await connected(server, { transports });
      const id = socket.id;
      for (let i = 0; i < 3; i += 1) {
        const lost = once(socket, "disconnect");
        const told = once(socket, "recovered");
        socket.io.engine.close();
        await lost;
        await told;
        assert.equal(socket.id, id);
        assert.equal(socket.recovered, true);
        await roundTrip(socket, i);
      }
      socket.close();
    });
  }
  suite.case("40 clients at once lose their link and all come back as themselves, whatever shard they land on", async (server) => {
    const sockets = await Promise.all(Array.from({ length: 40 }, (_, i) =>
      connected(server, { transports: i % 2 ? ["websocket"] : ["polling", "websocket"] })));
    const ids = sockets.map((socket) => socket.id);
    assert.equal(new Set(ids).size, 40);
    await Promise.all(sockets.map(async (socket, i) => {
      const told = once(socket, "recovered");
      socket.io.engine.close();
      await told;
      assert.equal(socket.id, ids[i]);
      await roundTrip(socket, `after ${i}`);
      await sleep(400);
      await roundTrip(socket, `later ${i}`);
    }));
    for (const socket of sockets) socket.close();
  });
  suite.case("the client comes back before the server has noticed: the new link takes over", async (server) => {
    const first = await server.joined();
    assert.match(first.connect.pid, /^[A-Za-z0-9_-]{20}$/);
    assert.notEqual(first.connect.pid, first.connect.sid);
    for (let i = 0; i < 6; i += 1) {  // several, to meet several shards
      const second = await server.wsOpened();
      second.send(`40{"pid":"${first.connect.pid}","offset":"whatever"}`);
      assert.deepEqual(JSON.parse((await second.nextReal()).slice(2)), first.connect);
      assert.equal(await second.nextReal(), '42["recovered"]');
      second.send('42["message",1]');
      assert.equal(await second.nextReal(), '42["message-back",1]');
      if (i === 0) await first.isClosed();
    }
  });
  suite.case("recovery over raw polling with the rest of the payload behind the CONNECT", async (server) => {
    for (let i = 0; i < 6; i += 1) {
      const first = await server.joined();
      first.socket.terminate();
      const session = await server.polling();
      await session.post(`40{"pid":"${first.connect.pid}"}\x1e42["message","behind"]`);
      const got = [];
      while (got.length < 3) got.push(...(await session.pollReal()));
      assert.deepEqual(got, [`40${JSON.stringify(first.connect)}`, '42["recovered"]', '42["message-back","behind"]']);
      await session.post('42["message","again"]');
      assert.deepEqual(await session.pollReal(), ['42["message-back","again"]']);
    }
  });
  suite.case("recovery with a poll that waits already, and an upgrade after it", async (server) => {
    for (let i = 0; i < 6; i += 1) {
      const first = await server.joined();
      first.socket.terminate();
      const session = await server.polling();
      const poll = session.pollReal();
      await sleep(20);
      await session.post(`40{"pid":"${first.connect.pid}"}`);
      assert.match((await poll)[0], /^40/);
      const ws = server.ws(`EIO=4&transport=websocket&sid=${session.sid}`);
      await ws.ready;
      ws.send("2probe");
      assert.equal(await ws.next(), "3probe");
      ws.send("5");
      ws.send('42["message","up"]');
      let got = await ws.nextReal();
      while (!got.includes("up")) got = await ws.nextReal();
      ws.close();
    }
  });
  suite.case("frames right behind the CONNECT of a recovery are not lost", async (server) => {
    for (let i = 0; i < 6; i += 1) {
      const first = await server.joined();
      first.socket.terminate();
      await first.closed;
      const ws = await server.wsOpened();
      ws.socket._socket.cork();
      ws.send(`40{"pid":"${first.connect.pid}"}`);
      for (let k = 0; k < 20; k += 1) ws.send(`42["message",${k}]`);
      ws.socket._socket.uncork();
      assert.match(await ws.nextReal(), /^40/);
      assert.equal(await ws.nextReal(), '42["recovered"]');
      for (let k = 0; k < 20; k += 1) assert.equal(await ws.nextReal(), `42["message-back",${k}]`);
      ws.close();
    }
  });
  for (const pid of ["", "x", "A".repeat(20), "_".repeat(20), "\\u0041".repeat(20)]) {
    suite.case(`an unknown pid ${JSON.stringify(pid)} makes a new socket`, async (server) => {
      for (let i = 0; i < 3; i += 1) {
        const ws = await server.wsOpened();
        ws.send(`40{"pid":"${pid}"}`);
        const answer = JSON.parse((await ws.nextReal()).slice(2));
        assert.notEqual(answer.pid, pid);
        assert.match(await ws.nextReal(), /^42\["auth"/);
        ws.close();
      }
    });
  }
  for (const pid of ["1", "null", "{}", '["a"]']) {
    suite.case(`a pid of the wrong type, ${pid}, makes a new socket`, async (server) => {
      const ws = await server.wsOpened();
      ws.send(`40{"pid":${pid}}`);
      assert.match(await ws.nextReal(), /^40\{"sid"/);
      ws.close();
    });
  }
  suite.case("41 ends it for good: the pid is worth nothing after", async (server) => {
    const first = await server.joined();
    first.send("41");
    const second = await server.wsOpened();
    await sleep(50);
    second.send(`40{"pid":"${first.connect.pid}"}`);
    assert.notEqual(JSON.parse((await second.nextReal()).slice(2)).sid, first.connect.sid);
  });
  suite.case("after the window the pid is worth nothing", async (server) => {
    const first = await server.joined();
    first.socket.terminate();
    await sleep(server.options.recovery + 300);
    const second = await server.wsOpened();
    second.send(`40{"pid":"${first.connect.pid}"}`);
    assert.notEqual(JSON.parse((await second.nextReal()).slice(2)).sid, first.connect.sid);
  });
  suite.case("the pid of one namespace is worth nothing in another", async (server) => {
    const first = await server.joined();
    first.socket.terminate();
    const second = await server.wsOpened();
    second.send(`40/custom,{"pid":"${first.connect.pid}"}`);
    assert.notEqual(JSON.parse((await second.nextReal()).slice("40/custom,".length)).sid, first.connect.sid);
  });
  suite.case("a broken packet ends it for good", async (server) => {
    const first = await server.joined();
    first.send("42{}");
    await first.isClosed();
    const second = await server.wsOpened();
    second.send(`40{"pid":"${first.connect.pid}"}`);
    assert.notEqual(JSON.parse((await second.nextReal()).slice(2)).sid, first.connect.sid);
  });
}
