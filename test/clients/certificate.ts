import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Of `cert`, for those who must trust it. */
  readonly file: string;
}

let made: Certificate | undefined;

/** For 127.0.0.1, of one day, by nobody but itself. */
export function certificate(): Certificate {
  if (made) return made;
  const folder = mkdtempSync(path.join(tmpdir(), 'certificate-'));
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
  const to = ['-out', cert, '-keyout', key, '-nodes'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', ...subject, ...to], {
    stdio: 'ignore',
  });
  made = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8'), file: cert };
  return made;
}
