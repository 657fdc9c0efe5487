// Socket.IO 5 as sio-conformance.md has it, against --mode socket.

import assert from "node:assert/strict";
import { sleep } from "./lib.mjs";

export function socketCases(suite) {
  connects(suite);
  leaves(suite);
  events(suite);
  advisories(suite);
}

function connects(suite) {
  suite.case("CONNECT to / over WebSocket: sid alone, then auth {}", async (server) => {
    const ws = await server.wsOpened();
    ws.send("40");
    const answer = JSON.parse((await ws.next()).slice(2));
    assert.deepEqual(Object.keys(answer), ["sid"]);
    assert.match(answer.sid, /^[A-Za-z0-9_-]{20}$/);
    assert.notEqual(answer.sid, ws.open.sid);
    assert.equal(await ws.next(), '42["auth",{}]');
    ws.close();
  });
  suite.case("CONNECT over polling, with a payload", async (server) => {
    const session = await server.polling();
    await session.post('40{"token":"123"}');
    const [answer, auth] = (await session.poll()).body.split("\x1e");
    assert.match(answer, /^40\{"sid":"[^"]{20}"\}$/);
    assert.equal(auth, '42["auth",{"token":"123"}]');
  });
  for (const packet of ["40/custom", "40/custom,"]) {
    suite.case(`${packet} joins /custom`, async (server) => {
      const ws = await server.wsOpened();
      ws.send(packet);
      assert.match(await ws.next(), /^40\/custom,\{"sid":"[^"]{20}"\}$/);
      assert.equal(await ws.next(), '42/custom,["auth",{}]');
      ws.close();
    });
  }
  suite.case("40/custom with a payload", async (server) => {
    const ws = await server.wsOpened();
    ws.send('40/custom,{"token":"abc"}');
    assert.match(await ws.next(), /^40\/custom,/);
    assert.equal(await ws.next(), '42/custom,["auth",{"token":"abc"}]');
    ws.close();
  });
  suite.case("a query behind the namespace is not part of it", async (server) => {
    const ws = await server.wsOpened();
    ws.send("40/custom?a=b,");
    assert.match(await ws.next(), /^40\/custom,/);
    ws.close();
  });
  suite.case("an unknown namespace is refused and the connection goes on", async (server) => {
    const ws = await server.wsOpened();
    ws.send("40/random");
    assert.equal(await ws.next(), '44/random,{"message":"Invalid namespace"}');
    ws.send("40");
    assert.match(await ws.next(), /^40\{/);
    ws.close();
  });
  suite.case("both namespaces on one connection", async (server) => {
    const ws = await server.joined();
    ws.send("40/custom,");
    assert.match(await ws.next(), /^40\/custom,/);
    assert.equal(await ws.next(), '42/custom,["auth",{}]');
    ws.send('42["message",1]');
    assert.equal(await ws.next(), '42["message-back",1]');
    ws.send('42/custom,["message",1]');
    ws.send('42["message",2]');
    assert.equal(await ws.next(), '42["message-back",2]');
    ws.close();
  });
  suite.case("without CONNECT: closed after connectTimeout", async (server) => {
    const ws = await server.wsOpened();
    const begin = Date.now();
    await assert.rejects(async () => {
      for (;;) assert.equal(await ws.nextReal(), null);
    }, /closed while/);
    assert.ok(Date.now() - begin >= 900, "not before its time");
  });
  suite.case("a refused CONNECT does not count: closed after connectTimeout", async (server) => {
    const ws = await server.wsOpened();
    ws.send("40/random");
    await assert.rejects(async () => {
      for (;;) await ws.nextReal();
    }, /closed while/);
  });
}

function leaves(suite) {
  suite.case("41 leaves /, the Engine.IO connection stays, 40 joins anew", async (server) => {
    const ws = await server.joined();
    ws.send("41");
    assert.equal(await ws.next(), "2");
    ws.send("3");
    ws.send("40");
    const again = JSON.parse((await ws.nextReal()).slice(2));
    assert.notEqual(again.sid, ws.connect.sid);
    ws.close();
  });
  suite.case("41/custom, leaves that namespace alone", async (server) => {
    const ws = await server.joined();
    ws.send("40/custom,");
    await ws.next();
    await ws.next();
    ws.send("41/custom,");
    ws.send('42["message","still"]');
    assert.equal(await ws.next(), '42["message-back","still"]');
    ws.close();
  });
  const closing = {
    "an unknown type before CONNECT": [false, "4abc"],
    "an unknown type after CONNECT": [true, "4abc"],
    "a payload that is no array": [true, "42{}"],
    "a bad ack id": [true, '42abc["message-with-ack",1]'],
    "an event before CONNECT": [false, '42["message",1]'],
    "an event for a namespace not joined": [true, '42/custom,["message",1]'],
    "a second CONNECT": [true, "40"],
    "a CONNECT whose payload is no object": [false, '40"a"'],
    "a CONNECT whose payload is no JSON": [false, "40{a}"],
    "a CONNECT_ERROR from a client": [true, '44{"message":"x"}'],
    "an empty event": [true, "42"],
    "an empty array": [true, "42[]"],
    "broken JSON": [true, '42["message",'],
    "text behind the JSON": [true, '42["message"]x'],
    "an ACK without id": [true, "43[]"],
    "41 with a payload": [true, '41{"a":1}'],
    "an Engine.IO message with nothing in it": [true, "4"],
    "a Socket.IO type of its own": [true, "47"],
  };
  for (const [name, [join, packet]] of Object.entries(closing)) {
    suite.case(`closed at once on ${name}: ${packet}`, async (server) => {
      const ws = join ? await server.joined() : await server.wsOpened();
      ws.send(packet);
      await ws.isClosed();
    });
  }
  suite.case("polling: closed at once on a bad packet", async (server) => {
    const session = await server.polling();
    await session.post("40");
    await session.poll();
    await session.post("42{}");
    const answer = await session.poll();
    assert.ok(answer.status === 400 || answer.body.endsWith("1"), answer.body);
    assert.equal((await session.poll()).status, 400);
  });
}

function events(suite) {
  suite.case("message with any arguments comes back", async (server) => {
    const ws = await server.joined();
    for (const args of ['1,"2",{"3":[false]}', "null", '"\\u00e9\\n\\"q\\""', '[[[]]],{},""', " 1 , 2"]) {
      ws.send(`42["message",${args}]`);
      assert.equal(await ws.nextReal(), `42["message-back",${args.trim()}]`);
    }
    ws.send('42["message"]');
    assert.equal(await ws.nextReal(), '42["message-back"]');
    ws.close();
  });
  suite.case("an ack answers with the same arguments", async (server) => {
    const ws = await server.joined();
    ws.send('42456["message-with-ack",1,"2",{"3":[false]}]');
    assert.equal(await ws.next(), '43456[1,"2",{"3":[false]}]');
    ws.send('420["message-with-ack"]');
    assert.equal(await ws.next(), "430[]");
    ws.close();
  });
  suite.case("binary there and back", async (server) => {
    const ws = await server.joined();
    ws.send('452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    ws.send(Buffer.from([1, 2, 3]));
    ws.send(Buffer.from([4, 5, 6]));
    assert.equal(await ws.next(), '452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    assert.deepEqual(await ws.next(), Buffer.from([1, 2, 3]));
    assert.deepEqual(await ws.next(), Buffer.from([4, 5, 6]));
    ws.close();
  });
  suite.case("binary with an ack", async (server) => {
    const ws = await server.joined();
    ws.send('452-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    ws.send(Buffer.from([1, 2, 3]));
    ws.send(Buffer.from([4, 5, 6]));
    assert.equal(await ws.next(), '462-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    assert.deepEqual(await ws.next(), Buffer.from([1, 2, 3]));
    assert.deepEqual(await ws.next(), Buffer.from([4, 5, 6]));
    ws.close();
  });
  suite.case("binary over polling", async (server) => {
    const session = await server.polling();
    await session.post("40");
    await session.poll();
    await session.post('451-["message",{"_placeholder":true,"num":0}]\x1ebAQID');
    assert.equal((await session.poll()).body, '451-["message-back",{"_placeholder":true,"num":0}]\x1ebAQID');
  });
}

function advisories(suite) {
  const good = '42["message","after"]';
  const survives = async (ws) => {
    ws.send(good);
    assert.equal(await ws.nextReal(), '42["message-back","after"]');
    ws.close();
  };
  const placeholder = (num) => `{"_placeholder":true,"num":${num}}`;
  const attachments = {
    "unbounded": `45999-["message",${placeholder(0)}]`,
    "of twenty digits": `4599999999999999999999-["message",${placeholder(0)}]`,
    "negative": `45-1-["message",${placeholder(0)}]`,
    "none": `450-["message",${placeholder(0)}]`,
    "not a number": `45abc-["message",${placeholder(0)}]`,
    "without the dash": `452["message",${placeholder(0)}]`,
    "with a negative num": `451-["message",${placeholder(-1)}]`,
    "with a huge num": `451-["message",${placeholder("1e9")}]`,
    "with a num beyond the count": `451-["message",${placeholder(1)}]`,
    "with a num that is text": `451-["message",${placeholder('"0"')}]`,
    "with a num that is a property": `451-["message",${placeholder('"splice"')}]`,
    "without num": `451-["message",{"_placeholder":true}]`,
    "without placeholder": `451-["message",1]`,
    "with duplicate num": `452-["message",${placeholder(0)},${placeholder(0)}]`,
  };
  for (const [name, packet] of Object.entries(attachments)) {
    suite.case(`advisory, attachments ${name}: closed`, async (server) => {
      const ws = await server.joined();
      ws.send(packet);
      await ws.isClosed();
      await server.isWell();
    });
  }
  suite.case("advisory, text while attachments are due: closed", async (server) => {
    const ws = await server.joined();
    ws.send(`452-["message",${placeholder(0)},${placeholder(1)}]`);
    ws.send(Buffer.from([1]));
    ws.send(good);
    await ws.isClosed();
  });
  suite.case("advisory, an attachment nobody waits for: closed", async (server) => {
    const ws = await server.joined();
    ws.send(Buffer.from([1]));
    await ws.isClosed();
  });
  suite.case("a text that only looks like a placeholder is text", async (server) => {
    const ws = await server.joined();
    ws.send(`451-["message","_placeholder",${placeholder(0)}]`);
    ws.send(Buffer.from([1]));
    assert.equal(await ws.next(), `451-["message-back","_placeholder",${placeholder(0)}]`);
    ws.close();
  });
  for (const name of ["1", "null", "true", "{}", '["a"]', "1e400", '{"toString":1}']) {
    suite.case(`advisory, event name ${name}: closed`, async (server) => {
      const ws = await server.joined();
      ws.send(`42[${name},1]`);
      await ws.isClosed();
    });
  }
  for (const name of ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener", "conn\\u0065ct"]) {
    suite.case(`advisory, reserved event ${name}: closed`, async (server) => {
      const ws = await server.joined();
      ws.send(`42["${name}",1]`);
      await ws.isClosed();
    });
  }
  for (const name of ["__proto__", "constructor", "hasOwnProperty", "error", "", "\\u0000", "\\ud800", "x".repeat(65), "x".repeat(5000)]) {
    suite.case(`advisory, event ${name.slice(0, 20)} (${name.length}): nothing happens`, async (server) => {
      const ws = await server.joined();
      ws.send(`42["${name}",{"__proto__":{"a":1}}]`);
      await survives(ws);
    });
  }
  suite.case("advisory, numbers beyond 2^53 and long ones pass as they are", async (server) => {
    const ws = await server.joined();
    for (const number of ["9007199254740993", "1e400", "-0", "123456789012345678901234567890.5E-7", "0." + "1".repeat(400)]) {
      ws.send(`42["message",${number}]`);
      assert.equal(await ws.nextReal(), `42["message-back",${number}]`);
    }
    ws.close();
  });
  for (const bad of ["NaN", "Infinity", "-Infinity", "01", "1.", ".5", "+1", "0x1", "undefined", "'a'", "[1,]", "{a:1}", '"\t"',
    '"\\x"', '"\\u12"', "tru", "[1 2]", '{"a"}', '{"a":1,}', "//c", '"\u0001"']) {
    suite.case(`advisory, ${JSON.stringify(bad)} is no JSON: closed`, async (server) => {
      const ws = await server.joined();
      ws.send(`42["message",${bad}]`);
      await ws.isClosed();
    });
  }
  for (const [open, close] of [["[", "]"], ['{"a":', "}"]]) {
    suite.case(`advisory, ${open} nested 100000 deep: closed`, async (server) => {
      const ws = await server.joined();
      ws.send(`42["message",${open.repeat(100000)}1${close.repeat(100000)}]`);
      await ws.isClosed();
      await server.isWell();
    });
  }
  suite.case("nesting of 20 passes", async (server) => {
    const ws = await server.joined();
    const text = "[".repeat(20) + "]".repeat(20);
    ws.send(`42["message",${text}]`);
    assert.equal(await ws.nextReal(), `42["message-back",${text}]`);
    ws.close();
  });
  suite.case("advisory, lone surrogates and NUL in escapes pass as they are", async (server) => {
    const ws = await server.joined();
    ws.send('42["message","\\ud800","\\udc00\\ud800x","\\u0000"]');
    assert.equal(await ws.nextReal(), '42["message-back","\\ud800","\\udc00\\ud800x","\\u0000"]');
    ws.close();
  });
  suite.case("advisory, ack ids used again and never given", async (server) => {
    const ws = await server.joined();
    for (let i = 0; i < 2; i += 1) {
      ws.send('427["message-with-ack",1]');
      assert.equal(await ws.nextReal(), "437[1]");
      ws.send("437[1]");
      ws.send('43999999["never asked"]');
    }
    await survives(ws);
  });
  suite.case("advisory, an ack id of 19 digits is answered exactly, one of 20 closes", async (server) => {
    const ws = await server.joined();
    ws.send('429007199254740993["message-with-ack",1]');
    assert.equal(await ws.nextReal(), "439007199254740993[1]");
    ws.send('4299999999999999999999["message-with-ack",1]');
    await ws.isClosed();
  });
  suite.case("advisory, connects to thousands of namespaces: a few answers, then closed", async (server) => {
    const ws = await server.wsOpened();
    for (let i = 0; i < 3000; i += 1) ws.send(`40/n${i},`);
    await ws.isClosed();
    assert.ok(ws.messages.length < 20, `${ws.messages.length} answers`);
  });
  suite.case("advisory, a namespace of 100000 letters: closed", async (server) => {
    const ws = await server.wsOpened();
    ws.send(`40/${"n".repeat(100000)},`);
    await ws.isClosed();
  });
  suite.case("advisory, 41 and 40 again and again: granted eight times, then closed", async (server) => {
    const ws = await server.joined();
    for (let joins = 2; joins <= 8; joins += 1) {
      ws.send("41");
      ws.send("40");
      assert.match(await ws.nextReal(), /^40\{/);
      assert.equal(await ws.nextReal(), '42["auth",{}]');
    }
    ws.send("41");
    ws.send("40");
    await ws.isClosed();
    assert.deepEqual(ws.messages.filter((message) => message !== "2"), []);
    await server.isWell();
  });
  suite.case("advisory, a polling payload with far too many packets: 400", async (server) => {
    const session = await server.polling();
    assert.equal((await session.post(Array(20000).fill("3").join("\x1e"))).status, 400);
    await server.isWell();
  });
  suite.case("a WebSocket that ends while an ack is due harms nobody", async (server) => {
    const ws = await server.joined();
    ws.send('421["message-with-ack",1]');
    ws.socket.terminate();
    await sleep(20);
    await server.isWell();
  });
}
