// PagerDuty's own client for node (@pagerduty/pdjs) says some things to https://events.pagerduty.com. It and the packages that it
// sends by are as they were published, and check the certificate as ever; but that name leads to a port of this machine, as a
// name server would have it. (whatwg-url is for a node without URL, and is stood in for.)
// Usage: node pagerduty_peer.mjs FOLDER-OF-PDJS PORT KEY {change|trigger|acknowledge|resolve|refused}…
import Module, {createRequire} from 'node:module';
import https from 'node:https';
import assert from 'node:assert/strict';

const [folder, port, key, ...said] = process.argv.slice(2);

const load = Module._load;
Module._load = function (name, ...rest) { return name === 'whatwg-url' ? {URL} : load.call(this, name, ...rest); };
const pdjs = createRequire(import.meta.url)(folder);

const {createConnection} = https.globalAgent;
https.globalAgent.createConnection = function (options, ...rest) {
  assert.equal(options.host, 'events.pagerduty.com');
  return createConnection.call(this, {...options, host: '127.0.0.1', port: Number(port)}, ...rest);
};

const payload = {summary: 'From pdjs: "500" on /pay', source: 'srv01', severity: 'critical', custom_details: {rack: '7'}};
const ours = more => ({data: {routing_key: key, dedup_key: 'srv01/pay', ...more}});
const taken = (answer, message) => {
  assert.equal(answer.status, 202, JSON.stringify(answer.data));
  assert.deepEqual([answer.data.status, answer.data.message], ['success', message]);
};
/// pdjs throws nothing where it is answered: its callers look at these.
const refused = (answer, why) => {
  assert.deepEqual([answer.response.ok, answer.status], [false, 400]);
  assert.deepEqual([answer.data.status, answer.data.errors], ['invalid event', why]);
};
const steps = {
  async change() {
    taken(await pdjs.change({data: {routing_key: key, payload: {summary: 'Deployed build 4711', source: 'ci',
      timestamp: new Date().toISOString()}, links: [{href: 'https://ci.example.com/4711', text: 'Build'}]}}), 'Change event processed');
  },
  async trigger() {
    const answer = await pdjs.trigger(ours({payload, client: 'pdjs', links: [], images: []}));
    taken(answer, 'Event processed');
    assert.equal(answer.data.dedup_key, 'srv01/pay');
  },
  async acknowledge() { taken(await pdjs.acknowledge(ours()), 'Event processed'); },
  async resolve() { taken(await pdjs.event(ours({event_action: 'resolve'})), 'Event processed'); },
  async refused() {
    refused(await pdjs.trigger({data: {routing_key: 'f'.repeat(32), payload}}), ['Invalid routing key']);
    refused(await pdjs.change({data: {routing_key: 'f'.repeat(32), payload: {summary: 'Deployed'}}}), ['Invalid routing key']);
    refused(await pdjs.resolve({data: {routing_key: key}}), ["'dedup_key' is missing or blank"]);
  },
};
for (const step of said) await steps[step]();
