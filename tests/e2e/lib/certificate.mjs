// Self-signed certificates for servers on the loopback.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

class Certificate {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'trespasser-certificate-'));
    this.cert = join(this.folder, 'cert.pem');
    this.key = join(this.folder, 'secret-key.pem');
  }

  // Another one in the same files.
  renew(name) {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
      '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost', '-keyout', this.key, '-out', this.cert],
    { stdio: 'pipe' });
    this.ca = readFileSync(this.cert);
  }

  forget() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// `cert` and `key` are files, `ca` what a client has to trust.
export function makeCertificate(name = 'trespasser test') {
  const made = new Certificate();
  made.renew(name);
  return made;
}
