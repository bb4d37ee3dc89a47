// Starts the demo and clicks through it in a real Chromium, by its DevTools protocol over a pipe: an alert fires, its page is opened
// and acknowledged, an override is made by its form, and somebody else is on call, as Home says to both. With FROM, a configuration in
// FOLDER by which Bo is paged first and Ana Lopez five minutes later, `demo --from` plays that instead.
// Usage: node demo_browser_peer.mjs BINARY FOLDER SHOTS [FROM]. SHOTS: a folder for pictures of it. Status 0: all went as it should.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

const [, , binary, folder, shots, from] = process.argv;
const patience = 60_000, longest = 200_000;

async function until(what, condition) {
  for (const end = Date.now() + patience; Date.now() < end; await new Promise(next => setTimeout(next, 50))) {
    const got = await condition();
    if (got) return got;
  }
  throw new Error('waited in vain: ' + what);
}

// --- the demo ---
const demo = spawn(binary, from ? ['demo', '--from', from] : ['demo'], {cwd: folder, stdio: ['ignore', 'pipe', 'pipe']});
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

/// The page's address, once both the demo and the browser are there.
async function begin() {
  const {targetId} = await call('Target.createTarget', {url: 'about:blank'});
  page = (await call('Target.attachToTarget', {targetId, flatten: true})).sessionId;
  for (const domain of ['Runtime', 'Page', 'Log']) await call(domain + '.enable', {}, page);
  return until('the page\'s address', () => {
    if (ended !== null) throw new Error('the demo ended');
    return /^ {2}(http:\/\/127\.0\.0\.1:\d+\/)$/m.exec(said)?.[1];
  });
}
/// The screens of these people, who are all that are seen.
async function screens(...names) {
  const seen = await evaluate(`[...document.querySelectorAll('[data-screen]')].map(one => [one.querySelector('.owner strong').innerText, one.dataset.screen])`);
  assert.deepEqual(seen.map(([name]) => name).sort(), [...names].sort());
  return names.map(name => `[data-screen="${seen.find(one => one[0] === name)[1]}"]`);
}
async function end() {
  assert.equal(trouble, '');
  demo.kill('SIGINT');
  await until('the demo\'s end', () => ended !== null);
  assert.equal(ended, 0);
}

async function story() {
  const url = await begin();
  const both = () => look(url + '?theme=light&people=ana,bo', 1440, 860, 1);
  await both();
  const [ana, bo] = await screens('Ana', 'Bo');
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

  // Home says to both who is on call. What Bo answers there, Ana's follows.
  await both();
  for (const one of [ana, bo]) {
    await click(one, '.entry[data-place="bot"]');
    await click(one, '[data-tab="Home"]');
    await reads(`${one} .home`, 'Triggered');
  }
  await reads(`${ana} .home`, 'You are not on call now');
  await reads(`${bo} .home`, 'You are on call');
  await shoot('home.png');
  await click(bo, '.home [data-spot$="/alert.acknowledge"]');
  for (const one of [ana, bo]) await reads(`${one} .home`, 'Acknowledged by');

  // From anywhere he may page somebody.
  await place(bo, 'war-room');
  await click(bo, '.talk .plus');
  await reads(`${bo} .menu`, 'Page someone');
  await click(bo, '.menu button');
  await reads(`${bo} .modal h2`, 'Page someone');
  await until('the form', () => spot(bo, '[data-modal="submit"]'));
  await end();
}

/// Once "Play" is pressed the page's clock goes a hundred times as fast, until each of whom the policy names was paged; then as in life.
async function played() {
  await look(await begin() + '?theme=light&people=ana.lopez,bo', 1440, 860, 1);
  const [ana, bo] = await screens('Ana Lopez', 'Bo');
  const goes = speed => until(speed + '×', () => evaluate(`document.querySelector('#speed [aria-pressed=true]')?.dataset.speed === '${speed}'`));
  const minute = async () => (await text('#clock strong')).split(':').reduce((hours, minutes) => Number(hours) * 60 + Number(minutes));
  await goes(1);
  for (const one of [ana, bo]) await click(one, '.entry[data-place="bot"]');
  const from = await minute(), began = Date.now();
  await click('#levers', '[data-lever^="Play "]');
  await goes(100);
  await reads(`${bo} .talk .messages`, 'checkout is down');
  await reads(`${ana} .talk .messages`, 'checkout is down');
  await goes(1);
  const took = Date.now() - began, passed = (await minute() - from + 24 * 60) % (24 * 60) * 60_000;
  assert.ok(passed >= 10 * 60_000, passed / 60_000 + ' minutes passed');
  assert.ok(passed >= 5 * took, 'a busy machine may be slower, but not as slow as that: ' + passed / took + '×');
  assert.ok(passed - 60_000 <= 100 * took, 'too fast: ' + passed / took + '×'); // the clock shows minutes
  await until('who was paged when', () => /at once: .*Bo\b[^]*after 5 min: .*Ana Lopez[^]*That is all of it/.test(said));
  await shoot('played.png');
  await end();
}

let status = 0;
await (from ? played() : story()).catch(async problem => {
  console.error(problem, trouble, said);
  await shoot('failed.png').catch(() => {});
  status = 1;
});
process.exit(status);
