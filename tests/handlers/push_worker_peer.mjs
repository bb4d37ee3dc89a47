// Drives the service worker as a browser does: what is pushed is shown, and its buttons answer.
// Usage: node push_worker_peer.mjs FILE, the worker. Status 0: it does what it should.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import vm from 'node:vm';

const heard = {}, shown = [], opened = [], fetched = [];
let answers = () => ({status: 200});
const self = {
  addEventListener: (name, work) => { heard[name] = work; },
  skipWaiting() {},
  clients: {claim() {}, openWindow: url => { opened.push(url); }},
  Notification: {maxActions: 2},
  registration: {showNotification: async (title, options) => { shown.push({title, ...options}); }},
};
const fetch = async (url, options) => { fetched.push([url, options.method]); return answers(); };
vm.runInNewContext(readFileSync(process.argv[2], 'utf8'), {self, fetch});

async function fire(name, event) {
  const waited = [];
  heard[name]({...event, waitUntil: work => waited.push(work)});
  await Promise.all(waited);
  return shown.at(-1);
}
const page = {alert: 42, title: '[#42 critical] Checkout is down', text: 'the story', urgent: true, test: false, actions: [
  {verb: 'acknowledge', label: 'Acknowledge', url: 'https://oncall.example.com/a/1'},
  {verb: 'decline', label: 'Not me', url: 'https://oncall.example.com/a/2'},
  {verb: 'resolve', label: 'Resolve', url: 'https://oncall.example.com/a/3'}]};
const click = action => fire('notificationclick', {action, notification: {data: page, close() {}}});

const first = await fire('push', {data: {json: () => page}});
assert.equal(first.title, page.title);
assert.equal(first.body, 'the story');
assert.equal(first.tag, 'alert-42');
assert.equal(first.renotify, true);
assert.equal(first.requireInteraction, true);
assert.deepEqual(JSON.parse(JSON.stringify(first.actions)),
  [{action: 'acknowledge', title: 'Acknowledge'}, {action: 'decline', title: 'Not me'}]);

// What cannot be read is a page all the same.
for (const data of [null, {json() { throw new Error('no'); }}, {json: () => null}, {json: () => ({title: 7})}])
  assert.equal((await fire('push', {data})).title, 'You are being paged');

const done = await click('acknowledge');
assert.deepEqual(fetched, [['https://oncall.example.com/a/1', 'POST']]);
assert.equal(done.body, 'Done: Acknowledge');
assert.equal(done.silent, true);
assert.equal(done.actions.length, 0);
answers = () => ({status: 409});
assert.match((await click('acknowledge')).body, /no longer possible/);
for (const fails of [() => ({status: 503}), () => ({status: 403}), () => { throw new Error('offline'); }]) {
  answers = fails;
  const again = await click('decline');
  assert.match(again.body, /did not go through/);
  assert.equal(again.actions.length, 2); // and may be tried again
}
assert.equal(fetched.at(-1)[0], 'https://oncall.example.com/a/2');

const asked = fetched.length;
await click('');
assert.deepEqual(opened, ['https://oncall.example.com/a/1']);
assert.equal(fetched.length, asked); // opening answers nothing
