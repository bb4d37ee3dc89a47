#pragma once

#include <string_view>

/// The page on which a browser is subscribed, and the service worker that shows what is pushed to it. One style and one script,
/// each allowed by its hash; nothing comes from elsewhere. Its looks are those of the answer page.
namespace handlers {

inline constexpr std::string_view push_style{R"css(
ul { list-style: none; margin: 4px 0 0; padding: 0; }
li { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; padding: 12px 0; }
li + li { border-top: 1px solid var(--line); }
li div { flex: 1 1 10rem; }
li .soft { display: block; }
li button { width: auto; min-height: 48px; margin: 0; padding: 8px 16px; font-size: 17px; background: #47515e; }
[hidden] { display: none; }
)css"};

inline constexpr std::string_view push_template{R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<title>{{heading}}</title>
{{#manifest}}
<link rel="manifest" href="{{manifest}}">
{{/manifest}}
<style>{{{style}}}</style>
</head>
<body>
<main data-key="{{key}}">
<h1>{{heading}}</h1>
<p>{{about}}</p>
{{#key}}
<p class="said" id="here" role="status">Looking at this browser …</p>
<button class="acknowledge" id="on" hidden>Notify this browser</button>
<ul>
{{#browsers}}
<li data-id="{{id}}" data-hash="{{hash}}"><div><span class="name">{{name}}</span> <span class="soft">{{more}}</span></div>
<button>Remove</button></li>
{{/browsers}}
</ul>
<p class="soft">On an iPhone or iPad, first choose Share, then Add to Home Screen, and open it from there: Apple lets nothing else be
notified.</p>
{{/key}}
</main>
{{#key}}
<script>{{{script}}}</script>
{{/key}}
</body>
</html>
)html"};

inline constexpr std::string_view push_script{R"js(
'use strict';
const page = document.querySelector('main');
const here = document.getElementById('here');
const on = document.getElementById('on');
const say = words => { here.textContent = words; };
const base = location.pathname.replace(/\/push\/.*$/, '/push/');

function bytes(text) {
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
}
async function hash(text) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('');
}
async function send(what, body) {
  const answer = await fetch(location.pathname.replace(/\/$/, '') + what,
    {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.message || 'That did not work. Try again in a moment.');
}
async function subscription() {
  const worker = await navigator.serviceWorker.getRegistration(base);
  return worker ? worker.pushManager.getSubscription() : null;
}

async function look() {
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) {
    say('This browser cannot be notified here. A private window never can; on an iPhone, see below.');
    return;
  }
  await navigator.serviceWorker.register(base + 'worker.js');
  const have = await subscription();
  const listed = have && document.querySelector('[data-hash="' + await hash(have.endpoint) + '"]');
  if (listed && !listed.querySelector('.soft').textContent.includes('stopped')) {
    listed.querySelector('.name').append(' (this one)');
    say('Pages come to this browser.');
  } else if (Notification.permission === 'denied') {
    say('The browser blocks notifications of this site. Allow them in its settings for this site, then load this page again.');
  } else {
    say('This browser is not notified yet.');
    on.hidden = false;
  }
}

async function subscribe() {
  if (await Notification.requestPermission() !== 'granted')
    throw new Error('The browser was not allowed to notify you. Press the button again and allow it.');
  const worker = await navigator.serviceWorker.ready;
  const old = await worker.pushManager.getSubscription();
  if (old) await old.unsubscribe();
  const fresh = await worker.pushManager.subscribe({userVisibleOnly: true, applicationServerKey: bytes(page.dataset.key)});
  await send('/subscribe', fresh.toJSON());
}

async function remove(item) {
  await send('/unsubscribe', {id: Number(item.dataset.id)});
  const have = 'serviceWorker' in navigator ? await subscription() : null;
  if (have && await hash(have.endpoint) === item.dataset.hash) await have.unsubscribe();
}

function pressed(button, work) {
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      await work();
      location.reload();
    } catch (problem) {
      say(problem.message);
      button.disabled = false;
    }
  });
}

pressed(on, subscribe);
for (const item of document.querySelectorAll('li')) pressed(item.querySelector('button'), () => remove(item));
look().catch(problem => say('This browser cannot be notified: ' + problem.message));
)js"};

inline constexpr std::string_view push_worker{R"js('use strict';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));

function read(data) {
  try {
    const page = data.json();
    if (page && typeof page.title === 'string' && Array.isArray(page.actions)) return page;
  } catch (problem) {
    // Shown all the same: whoever is paged must know.
  }
  return {alert: 0, title: 'You are being paged', text: 'What it is about could not be read. Look into Slack.', urgent: true, actions: []};
}

function show(page, text, answered) {
  const shown = answered ? [] : page.actions.slice(0, self.Notification && self.Notification.maxActions || 2);
  return self.registration.showNotification(page.title, {
    body: text,
    tag: page.tag || 'alert-' + page.alert,
    renotify: !answered,
    silent: Boolean(answered),
    requireInteraction: Boolean(page.urgent) && !answered,
    actions: shown.map(one => ({action: one.verb, title: one.label})),
    data: page,
  });
}

self.addEventListener('push', event => {
  const page = read(event.data);
  event.waitUntil(show(page, page.text, false));
});

async function answer(page, action) {
  let status = 0;
  try {
    status = (await fetch(action.url, {method: 'POST'})).status;
  } catch (problem) {
    // The words below say so.
  }
  if (status === 200) return show(page, 'Done: ' + action.label, true);
  if (status === 409 || status === 410)
    return show(page, action.label + ' is no longer possible. Tap to see how things stand.', true);
  return show(page, 'Your answer did not go through. Try again, or tap to answer on the page.', false);
}

self.addEventListener('notificationclick', event => {
  const page = event.notification.data;
  event.notification.close();
  const action = page.actions.find(one => one.verb === event.action);
  if (action) event.waitUntil(answer(page, action));
  else if (page.actions.length > 0) event.waitUntil(self.clients.openWindow(page.actions[0].url));
});
)js"};

} // namespace handlers
