// A line to a server on loopback that can be cut: what is connected breaks off, what comes new is refused, until it is mended.

import { connect, createServer } from 'node:net';

export class Line {
  static async start(target) {
    const line = new Line();
    line.target = target;
    line.open = new Set();
    line.server = createServer((near) => line.pass(near));
    await new Promise((done) => { line.server.listen(0, '127.0.0.1', done); });
    line.port = line.server.address().port;
    return line;
  }

  pass(near) {
    if (this.is_cut) {
      near.on('error', () => {});
      near.destroy();
      return;
    }
    const far = connect(this.target, '127.0.0.1');
    for (const [end, other] of [[near, far], [far, near]]) {
      end.setNoDelay(true);
      end.pipe(other);
      end.on('error', () => other.destroy());
      end.on('close', () => {
        other.destroy();
        this.open.delete(end);
      });
      this.open.add(end);
    }
  }

  cut() {
    this.is_cut = true;
    for (const end of this.open) end.destroy();
  }

  mend() {
    this.is_cut = false;
  }

  stop() {
    this.cut();
    return new Promise((done) => { this.server.close(done); });
  }
}
