// Reads a push as a browser would: decrypts it with http_ece and verifies its token with jose. web-push only says whether it would
// take the token's subject and our public key as its own.
// Usage: node web_push_peer.mjs FILE, a JSON object of {endpoint, authorization, body, private, auth, now}; prints the words.
// Status 3: the packages are not here (NODE_PATH says where to look).
import {createRequire} from 'node:module';
import {createECDH} from 'node:crypto';
import {readFileSync} from 'node:fs';

const find = createRequire((process.env.NODE_PATH || process.cwd()) + '/x.js');
let ece, jose, webPush;
try {
  ece = find('http_ece');
  webPush = find('web-push');
  jose = await import(find.resolve('jose'));
} catch (problem) {
  process.exit(3);
}

const push = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const bytes = text => Buffer.from(text, 'base64url');

const [, token, key] = /^vapid t=([^,]+), k=(.+)$/.exec(push.authorization);
const point = bytes(key);
const jwk = {kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url')};
const {payload, protectedHeader} = await jose.jwtVerify(token, await jose.importJWK(jwk, 'ES256'),
  {audience: new URL(push.endpoint).origin, algorithms: ['ES256'], currentDate: new Date(push.now)});
webPush.setVapidDetails(payload.sub, key, 'A'.repeat(43));
// RFC 8292: not more than a day.
if (protectedHeader.alg !== 'ES256' || payload.exp * 1000 - push.now > 24 * 3600 * 1000) throw new Error('the token is too old');

const phone = createECDH('prime256v1');
phone.setPrivateKey(bytes(push.private));
const words = ece.decrypt(bytes(push.body), {version: 'aes128gcm', privateKey: phone, authSecret: push.auth});
process.stdout.write(words);
