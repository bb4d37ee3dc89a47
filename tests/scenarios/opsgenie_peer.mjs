// Opsgenie's own client for node (opsgenie-sdk) goes through an alert's life and a heartbeat's. Its paths, bodies and headers are
// its own; the one package it needs, requestretry, brings forty others and is stood in for by node's http.
// Usage: node opsgenie_peer.mjs FOLDER-OF-OPSGENIE-SDK http://127.0.0.1:PORT KEY
import Module, {createRequire} from 'node:module';
import http from 'node:http';
import assert from 'node:assert/strict';

const [folder, host, key] = process.argv.slice(2);

function request(options, done) {
  const body = options.body === undefined || options.body === null ? undefined : JSON.stringify(options.body);
  const headers = {...options.headers};
  if (body !== undefined) headers['Content-Length'] = Buffer.byteLength(body);
  const sent = http.request(options.uri, {method: options.method, headers}, answer => {
    let text = '';
    answer.setEncoding('utf8').on('data', piece => text += piece).on('end', () => {
      let json;
      try { json = JSON.parse(text); } catch (problem) { return done(new Error('no JSON: ' + text), null); }
      done(null, answer, json);
    });
  });
  sent.on('error', problem => done(problem, null));
  sent.end(body);
}
request.defaults = () => request;
request.RetryStrategies = {HTTPOrNetworkError: () => false};

const load = Module._load;
Module._load = function (name, ...rest) { return name === 'requestretry' ? request : load.call(this, name, ...rest); };
const opsgenie = createRequire(import.meta.url)(folder);
opsgenie.configure({host, api_key: key});

// The client hands every failure to its callback.
const call = (api, verb, ...given) => new Promise((done, failed) =>
  api[verb](...given, (problem, answer) => problem ? failed(Object.assign(new Error(verb + ': ' + JSON.stringify(problem)), {problem})) : done(answer)));
const {alertV2, heartbeat} = opsgenie;
const became = async accepted => {
  assert.equal(accepted.result, 'Request will be processed');
  return (await call(alertV2, 'getRequestStatus', accepted.requestId)).data;
};
const refused = async (status, promise) => {
  const problem = await promise.then(() => undefined, error => error.problem);
  assert.equal(problem?.httpStatusCode, status, JSON.stringify(problem));
};

const created = await became(await call(alertV2, 'create', {message: 'From the client', alias: 'client-1',
  description: 'It is down', responders: [{name: 'NOC', type: 'team'}], tags: ['db'], details: {host: 'srv01'}, priority: 'P1'}));
assert.equal(created.isSuccess, true);
assert.equal(created.alias, 'client-1');
const byAlias = {identifier: 'client-1', identifierType: 'alias'}, byId = {identifier: created.alertId, identifierType: 'id'};
const shown = (await call(alertV2, 'get', byAlias)).data;
assert.deepEqual([shown.id, shown.message, shown.status, shown.tags, shown.details.host],
  [created.alertId, 'From the client', 'open', ['db'], 'srv01']);
assert.equal((await call(alertV2, 'list', {query: 'status:open', limit: 10})).data.length, 1);

const who = {user: 'client', note: 'as a test'};
for (const [verb, data] of [['addNote', who], ['addTags', {tags: ['eu']}], ['addDetails', {details: {rack: '7'}}],
  ['acknowledge', who], ['unacknowledge', who], ['snooze', {endTime: new Date(Date.now() + 3600e3).toISOString()}],
  ['assign', {owner: {username: 'nobody@example.net'}}], ['addTeam', {team: {name: 'NOC'}}]])
  assert.equal((await became(await call(alertV2, verb, byId, data))).isSuccess, true, verb);
assert.equal((await call(alertV2, 'get', {identifier: shown.tinyId, identifierType: 'tiny'})).data.snoozed, true);
assert.equal((await became(await call(alertV2, 'close', byAlias, who))).status, 'Closed alert');
assert.equal((await call(alertV2, 'get', byId)).data.status, 'closed');
assert.equal((await became(await call(alertV2, 'close', byAlias, who))).isSuccess, false);
await refused(422, call(alertV2, 'create', {message: 'm'.repeat(131)}));
await refused(404, call(alertV2, 'get', {identifier: 'nothing', identifierType: 'alias'}));

const made = await call(heartbeat, 'create', {name: 'client', interval: 10, intervalUnit: 'minutes', enabled: true});
assert.equal(made.data.name, 'client');
assert.equal((await call(heartbeat, 'ping', {identifier: 'client'}, null)).result, 'PONG - Heartbeat received');
assert.ok((await call(heartbeat, 'get', {identifier: 'client'})).data.lastPingTime);
assert.equal((await call(heartbeat, 'list', {})).data.heartbeats.length, 1);
assert.equal((await call(heartbeat, 'update', {identifier: 'client'}, {interval: 5})).data.name, 'client');
assert.equal((await call(heartbeat, 'disable', {identifier: 'client'})).data.enabled, false);
assert.equal((await call(heartbeat, 'enable', {identifier: 'client'})).data.enabled, true);
await call(heartbeat, 'delete', {identifier: 'client'});
await refused(404, call(heartbeat, 'get', {identifier: 'client'}));
