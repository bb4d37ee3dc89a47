// Starts the demo and clicks through it in a real Chromium, by its DevTools protocol over a pipe: an alert fires, its page is opened
// and acknowledged, an override is made by its form, and somebody else is on call.
// Usage: node demo_browser_peer.mjs BINARY FOLDER SHOTS. SHOTS: a folder for pictures of it. Status 0: all went as it should.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

const [, , binary, folder, shots] = process.argv;
const patience = 60_000, longest = 200_000;

async function until(what, condition) {
  for (const end = Date.now() + patience; Date.now() < end; await new Promise(next => setTimeout(next, 50))) {
    const got = await condition();
    if (got) return got;
  }
  throw new Error('waited in vain: ' + what);
}

// --- the demo ---
const demo = spawn(binary, ['demo'], {cwd: folder, stdio: ['ignore', 'pipe', 'pipe']});
process.on('exit', () => demo.kill('SIGKILL'));
let said = '', ended = null, trouble = '';
demo.stdout.on('data', bytes => { said += bytes; });
demo.stderr.on('data', bytes => { said += bytes; });
demo.on('error', giveUp);
demo.on('exit', status => { ended = status ?? -1; });
/// The end, when it does not go on by itself: what is waited for may never come.
function giveUp(reason) {
  console.error(reason, trouble, said);
  process.exit(1);
}
setTimeout(() => giveUp('not through after ' + longest / 1000 + ' s'), longest).unref();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => giveUp(signal));

// --- the browser ---
const browser = spawn('chromium', ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--password-store=basic', '--lang=en-US', '--hide-scrollbars',
  '--user-data-dir=' + join(folder, 'profile'), '--remote-debugging-pipe', 'about:blank'],
  {stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']});
process.on('exit', () => browser.kill('SIGKILL'));
const waiting = new Map();
let asked = 0, heard = Buffer.alloc(0), gone = null;
browser.on('error', giveUp);
browser.on('exit', (status, signal) => {
  gone = new Error('Chromium ended: ' + (signal ?? status));
  for (const {failed} of waiting.values()) failed(gone);
  waiting.clear();
});
browser.stdio[3].on('error', () => {}); // it is gone, and its exit says so
function listen({method, params}) {
  if (method === 'Runtime.exceptionThrown')
    trouble += (params.exceptionDetails.exception?.description ?? params.exceptionDetails.text) + '\n';
  if (method === 'Runtime.consoleAPICalled' && params.type === 'error')
    trouble += params.args.map(one => one.description ?? one.value).join(' ') + '\n';
  if (method === 'Log.entryAdded' && params.entry.level === 'error') trouble += params.entry.text + ' ' + (params.entry.url ?? '') + '\n';
}
browser.stdio[4].on('data', bytes => {
  heard = Buffer.concat([heard, bytes]);
  for (let end = heard.indexOf(0); end >= 0; end = heard.indexOf(0)) {
    const message = JSON.parse(heard.subarray(0, end).toString());
    heard = heard.subarray(end + 1);
    if (!message.id) {
      listen(message);
      continue;
    }
    if (!waiting.has(message.id)) continue;
    const {done, failed} = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) failed(new Error(JSON.stringify(message.error)));
    else done(message.result);
  }
});
function call(method, params = {}, sessionId = undefined) {
  if (gone) return Promise.reject(gone);
  return new Promise((done, failed) => {
    waiting.set(++asked, {done, failed});
    browser.stdio[3].write(JSON.stringify({id: asked, method, params, sessionId}) + '\0');
  });
}

// --- somebody who looks at it ---
let page;
async function evaluate(expression) {
  const {result, exceptionDetails} = await call('Runtime.evaluate', {expression, awaitPromise: true, returnByValue: true}, page);
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}
/// `of`: whose screen; `element` may be several: the last counts.
const last = (of, element) => `[...document.querySelectorAll(${JSON.stringify(`${of} ${element}`)})].at(-1)`;
const text = of => evaluate(`document.querySelector(${JSON.stringify(of)})?.innerText ?? ''`);
const reads = (of, words) => until(words, async () => (await text(of)).includes(words));
/// Where it is now; null: it is not there.
const spot = (of, element) => evaluate(`(() => {
  const it = ${last(of, element)};
  if (!it) return null;
  it.scrollIntoView({block: 'nearest'});
  const {x, y, width, height} = it.getBoundingClientRect();
  return {x: x + width / 2, y: y + height / 2};
})()`);
async function press(at) {
  const mouse = type => call('Input.dispatchMouseEvent', {type, ...at, button: 'left', clickCount: 1}, page);
  await mouse('mousePressed');
  await mouse('mouseReleased');
}
const click = async (of, element) => press(await until('to be there: ' + element, () => spot(of, element)));
async function type(of, words) {
  await click(of, '.talk textarea');
  await call('Input.insertText', {text: words}, page);
  const key = type => call('Input.dispatchKeyEvent', {type, key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: type === 'keyDown' ? '\r' : undefined}, page);
  await key('keyDown');
  await key('keyUp');
}
const choose = (of, spot, words) => evaluate(`(() => {
  const select = ${last(of, `select[data-spot="${spot}"]`)};
  select.value = [...select.options].find(option => option.text === ${JSON.stringify(words)}).value;
  select.dispatchEvent(new Event('change'));
})()`);
async function look(url, width, height, scale) {
  await call('Emulation.setDeviceMetricsOverride', {width, height, deviceScaleFactor: scale, mobile: width < 700}, page);
  await call('Page.navigate', {url}, page);
  await until('the workspace', () => evaluate(`document.readyState === 'complete' && document.documentElement.dataset.seen`));
}
async function shoot(name) {
  await new Promise(next => setTimeout(next, 400)); // fonts, and what slides in
  const {data} = await call('Page.captureScreenshot', {format: 'png'}, page);
  writeFileSync(join(shots, name), Buffer.from(data, 'base64'));
}

async function story() {
  const {targetId} = await call('Target.createTarget', {url: 'about:blank'});
  page = (await call('Target.attachToTarget', {targetId, flatten: true})).sessionId;
  for (const domain of ['Runtime', 'Page', 'Log']) await call(domain + '.enable', {}, page);
  const url = await until('the page\'s address', () => {
    if (ended !== null) throw new Error('the demo ended');
    return /^ {2}(http:\/\/127\.0\.0\.1:\d+\/)$/m.exec(said)?.[1];
  });
  await look(url + '?theme=light&people=ana,bo', 1440, 860, 1);
  const screens = await evaluate(`[...document.querySelectorAll('[data-screen]')].map(one => one.dataset.screen)`);
  assert.equal(screens.length, 2);
  const [ana, bo] = screens.map(id => `[data-screen="${id}"]`);
  const place = async (of, name) => {
    const key = await evaluate(`[...document.querySelectorAll(${JSON.stringify(`${of} [data-place]`)})].find(one => one.innerText.includes(${JSON.stringify(name)})).dataset.place`);
    await click(of, `[data-place="${key}"]`);
  };

  const card = words => until('a card: ' + words, async () => (await evaluate(`${last(bo, '.talk .attachment')}?.innerText ?? ''`)).includes(words));

  // The alert fires; Ana is on call, and looks elsewhere.
  await place(ana, 'war-room');
  await place(bo, 'payments-alerts');
  await click('#levers', '[data-lever="The checkout goes down"]');
  await reads(`${ana} .banners`, 'Checkout is down');
  await reads(`${ana} .entry[data-place="bot"]`, '1');
  // The banner opens her direct message. It goes after some seconds, which a slow machine may have needed to come here.
  const banner = await spot(ana, '.banner');
  if (banner) await press(banner);
  else await click(ana, '.entry[data-place="bot"]');
  const message = '.message:last-child';
  await reads(`${ana} .talk ${message}`, 'Triggered');
  await card('Triggered');
  await shoot('page.png');

  // She acknowledges, and the card in the channel says so to everybody.
  await click(ana, `${message} .button.primary`);
  await until('her page: acknowledged', async () => (await evaluate(`${last(ana, '.talk .message:not(.only-you)')}?.innerText ?? ''`)).includes('Acknowledged by'));
  await card('Acknowledged by');
  await shoot('acknowledged.png');

  // She puts Bo on call instead.
  await place(ana, 'payments-alerts');
  await type(ana, '/oncall');
  const onCall = name => until(name + ' on call', async () => {
    const shown = await evaluate(`${last(ana, '.message.only-you')}?.innerText ?? ''`);
    return shown.includes('On call now') && new RegExp('payments\\s*\\n\\s*@?' + name, 'i').test(shown);
  });
  await onCall('Ana');
  await type(ana, '/oncall override');
  await reads(`${ana} .modal h2`, 'Override');
  await choose(ana, 'override.people/override.people', 'Bo');
  await until('what it changes', async () => /→\s*@?bo/i.test(await text(`${ana} .modal .body`)));
  await shoot('override.png');
  // When a minute has passed since it was shown what it changes, it is shown once more.
  const saved = async () => (await text(`${ana} .modal .body`)).includes('Done');
  for (let again = 0; again < 3 && !await saved(); ++again) {
    await click(ana, '[data-modal="submit"]');
    await until('an answer', () => evaluate(`!document.querySelector(${JSON.stringify(`${ana} .waiting`)})`));
    await new Promise(next => setTimeout(next, 1000));
  }
  await click(ana, '[data-modal="close"]');
  await until('the form closed', () => evaluate(`document.querySelectorAll('.modal').length === 0`));
  await type(ana, '/oncall');
  await onCall('Bo');
  await shoot('on_call.png');

  // The next alert is for Bo, who has it on a phone, in the dark.
  await click('#levers', '[data-lever="It recovers"]');
  await card('Resolved');
  await click('#levers', '[data-lever="The checkout goes down"]');
  await look(url + '?theme=dark&people=bo', 390, 780, 2);
  await reads(`.talk ${message}`, 'Triggered');
  await shoot('phone.png');
  assert.equal(trouble, '');
  demo.kill('SIGINT');
  await until('the demo\'s end', () => ended !== null);
  assert.equal(ended, 0);
}

let status = 0;
await story().catch(async problem => {
  console.error(problem, trouble, said);
  await shoot('failed.png').catch(() => {});
  status = 1;
});
process.exit(status);
