// Drives our page in a real Chromium, by its DevTools protocol over a pipe: subscribes it, has a push delivered, answers it from the
// notification, and removes the browser again. The browser vendor's part alone is stood in for: handing out subscriptions, and
// carrying and decrypting what is pushed, which happens here.
// Usage: node push_browser_peer.mjs FOLDER LINK [SHOTS]. FOLDER/push.json is what the push service was given, once it was:
// {authorization, endpoint, body}. SHOTS: a folder for pictures of the page at a phone's size. Status 0: all went as it should.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify} from 'node:crypto';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const [, , folder, link, shots] = process.argv;
const patience = 60_000;
const origin = new URL(link).origin;

async function until(what, condition) {
  for (const end = Date.now() + patience; Date.now() < end; await new Promise(next => setTimeout(next, 50))) {
    const got = await condition();
    if (got) return got;
  }
  throw new Error('waited in vain: ' + what);
}

// --- the browser ---
const browser = spawn('chromium', ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--password-store=basic', '--ignore-certificate-errors',
  '--user-data-dir=' + join(folder, 'profile'), '--remote-debugging-pipe', 'about:blank'],
  {stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']});
const waiting = new Map(), listeners = [];
let asked = 0, heard = Buffer.alloc(0);
browser.stdio[4].on('data', bytes => {
  heard = Buffer.concat([heard, bytes]);
  for (let end = heard.indexOf(0); end >= 0; end = heard.indexOf(0)) {
    const message = JSON.parse(heard.subarray(0, end).toString());
    heard = heard.subarray(end + 1);
    if (!message.id) {
      for (const listen of listeners) listen(message);
      continue;
    }
    const {done, failed} = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) failed(new Error(JSON.stringify(message.error)));
    else done(message.result);
  }
});
function call(method, params = {}, sessionId = undefined) {
  return new Promise((done, failed) => {
    waiting.set(++asked, {done, failed});
    browser.stdio[3].write(JSON.stringify({id: asked, method, params, sessionId}) + '\0');
  });
}
async function evaluate(session, expression) {
  const {result, exceptionDetails} = await call('Runtime.evaluate', {expression, awaitPromise: true, returnByValue: true}, session);
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}
async function attach(targetId) {
  const {sessionId} = await call('Target.attachToTarget', {targetId, flatten: true});
  await call('Runtime.enable', {}, sessionId);
  return sessionId;
}

// --- its vendor ---
const ours = createECDH('prime256v1');
ours.generateKeys();
const secret = randomBytes(16);
const subscription = {endpoint: 'https://push.example.net/p/1', expirationTime: null,
  keys: {p256dh: ours.getPublicKey('base64url'), auth: secret.toString('base64url')}};
const vendor = `
  const made = ${JSON.stringify(subscription)};
  const shown = () => ({endpoint: made.endpoint, toJSON: () => made, unsubscribe: async () => { localStorage.removeItem('key'); return true; }});
  PushManager.prototype.getSubscription = async () => localStorage.getItem('key') ? shown() : null;
  PushManager.prototype.subscribe = async options => {
    if (!options.userVisibleOnly) throw new Error('a push must show something');
    localStorage.setItem('key', btoa(String.fromCharCode(...options.applicationServerKey)));
    return shown();
  };`;
const derived = (from, salt, words, size) => Buffer.from(hkdfSync('sha256', from, salt, words, size));
/// RFC 8188 and 8291.
function decrypted(body) {
  const salt = body.subarray(0, 16), theirs = body.subarray(21, 21 + body[20]), sealed = body.subarray(21 + body[20]);
  const key = derived(ours.computeSecret(theirs), secret, Buffer.concat([Buffer.from('WebPush: info\0'), ours.getPublicKey(), theirs]), 32);
  const cipher = createDecipheriv('aes-128-gcm', derived(key, salt, 'Content-Encoding: aes128gcm\0', 16),
    derived(key, salt, 'Content-Encoding: nonce\0', 12));
  cipher.setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
  const end = padded.lastIndexOf(2);
  assert.ok(end >= 0 && padded.subarray(end + 1).every(byte => byte === 0));
  return padded.subarray(0, end).toString();
}
/// RFC 8292: pushed by whoever the page subscribed for.
function isFrom(key, push) {
  const [, token, said] = /^vapid t=([^,]+), k=(.+)$/.exec(push.authorization);
  assert.equal(Buffer.from(said, 'base64url').toString('base64'), key);
  const point = Buffer.from(said, 'base64url'), [head, claims, mark] = token.split('.');
  const jwk = {kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url')};
  assert.equal(JSON.parse(Buffer.from(claims, 'base64url')).aud, new URL(push.endpoint).origin);
  return verify('sha256', Buffer.from(head + '.' + claims), {key: createPublicKey({key: jwk, format: 'jwk'}), dsaEncoding: 'ieee-p1363'},
    Buffer.from(mark, 'base64url'));
}

// --- somebody with a phone ---
let trouble = '';
async function story() {
  await call('Browser.grantPermissions', {origin, permissions: ['notifications']});
  const page = await attach((await call('Target.createTarget', {url: 'about:blank'})).targetId);
  let registration, displayed = 0;
  listeners.push(({method, params}) => {
    if (method === 'ServiceWorker.workerRegistrationUpdated')
      for (const one of params.registrations) if (!one.isDeleted) registration = one;
    if (method === 'ServiceWorker.workerErrorReported') trouble += params.errorMessage.errorMessage + '\n';
    if (method === 'BackgroundService.backgroundServiceEventReceived' && params.backgroundServiceEvent.eventName === 'Notification displayed')
      ++displayed;
    if (method === 'Runtime.exceptionThrown') trouble += params.exceptionDetails.text + '\n';
    if (method === 'Log.entryAdded' && params.entry.level === 'error') trouble += params.entry.text + ' ' + (params.entry.url ?? '') + '\n';
  });
  await call('Page.enable', {}, page);
  await call('Log.enable', {}, page);
  await call('ServiceWorker.enable', {}, page);
  await call('BackgroundService.startObserving', {service: 'notifications'}, page);
  await call('BackgroundService.setRecording', {shouldRecord: true, service: 'notifications'}, page);
  await call('Page.addScriptToEvaluateOnNewDocument', {source: vendor}, page);
  await call('Emulation.setDeviceMetricsOverride', {width: 390, height: 844, deviceScaleFactor: 2, mobile: true}, page);
  const says = words => until('the page says ' + words, async () => {
    try {
      return (await evaluate(page, `document.getElementById('here')?.textContent ?? ''`)).includes(words);
    } catch (problem) {
      return false; // it is just being loaded
    }
  });
  const picture = async name => {
    if (!shots) return;
    for (const scheme of ['light', 'dark']) {
      await call('Emulation.setEmulatedMedia', {features: [{name: 'prefers-color-scheme', value: scheme}]}, page);
      const {data} = await call('Page.captureScreenshot', {}, page);
      writeFileSync(join(shots, name + '-' + scheme + '.png'), Buffer.from(data, 'base64'));
    }
  };
  const tap = async selector => {
    const {x, y} = await evaluate(page, `(() => { const box = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
      return {x: box.x + box.width / 2, y: box.y + box.height / 2}; })()`);
    for (const type of ['mousePressed', 'mouseReleased'])
      await call('Input.dispatchMouseEvent', {type, x, y, button: 'left', clickCount: 1}, page);
  };

  await call('Page.navigate', {url: link}, page);
  await says('This browser is not notified yet.');
  await picture('before');
  await tap('#on');
  await says('Pages come to this browser.');
  await picture('subscribed');
  assert.equal(await evaluate(page, `document.querySelectorAll('li').length`), 1);
  assert.match(await evaluate(page, `document.querySelector('li .name').textContent`), /\(this one\)$/);
  assert.equal(await evaluate(page, `document.documentElement.scrollWidth <= innerWidth`), true);
  const scope = await evaluate(page, `navigator.serviceWorker.ready.then(worker => worker.scope)`);
  assert.equal(scope, link.slice(0, link.indexOf('/push/')) + '/push/');

  const file = join(folder, 'push.json');
  await until('a push', () => existsSync(file));
  const push = JSON.parse(readFileSync(file, 'utf8'));
  assert.ok(isFrom(await evaluate(page, `localStorage.getItem('key')`), push));
  const words = decrypted(Buffer.from(push.body, 'base64url'));
  await call('ServiceWorker.deliverPushMessage', {origin, registrationId: registration.registrationId, data: words}, page);

  const {targetInfos} = await call('Target.getTargets', {filter: [{type: 'service_worker'}]});
  const worker = await attach(targetInfos.find(one => one.url === scope + 'worker.js').targetId);
  const notifications = () => evaluate(worker, `self.registration.getNotifications().then(all => all.map(
    one => ({title: one.title, body: one.body, tag: one.tag, actions: one.actions.map(action => action.title), silent: one.silent})))`);
  // Asked for while it is just being shown, Chromium forgets it.
  await until('a notification', () => displayed === 1);
  const [shown] = await notifications();
  const said = JSON.parse(words);
  assert.equal(shown.title, said.title);
  assert.match(shown.title, /Checkout is down/);
  assert.equal(shown.body, said.text);
  assert.equal(shown.tag, 'alert-1');
  assert.deepEqual(shown.actions, ['Acknowledge', 'Not me']);
  // Scripts may press what they made themselves; only `waitUntil` wants an event of the browser's own.
  const press = action => evaluate(worker, `(async () => {
    const [notification] = await self.registration.getNotifications();
    const event = new NotificationEvent('notificationclick', {notification, action: '${action}'}), work = [];
    Object.defineProperty(event, 'waitUntil', {value: one => work.push(one)});
    self.dispatchEvent(event);
    await Promise.all(work);
  })()`);
  await press('acknowledge');
  await until('what came of it', () => displayed === 2);
  const after = await notifications();
  assert.deepEqual(after.map(one => [one.body, one.silent, one.actions.length]), [['Done: Acknowledge', true, 0]]);

  await tap('li button');
  await says('This browser is not notified yet.');
  assert.equal(await evaluate(page, `document.querySelectorAll('li').length`), 0);
  assert.equal(await evaluate(page, `localStorage.getItem('key')`), null);
  assert.equal(trouble, '');
}

let status = 0;
browser.on('error', problem => {
  console.error(problem);
  process.exit(1);
});
await story().catch(problem => {
  console.error(problem, trouble);
  status = 1;
});
browser.kill('SIGKILL');
process.exit(status);
