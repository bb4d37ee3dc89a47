#include "handlers/sources/setup_lines.hpp"

#include "handlers/sources/datadog.hpp"
#include "handlers/sources/sources.hpp"

#include <algorithm>
#include <array>

namespace handlers::sources {

namespace {

using Lines = std::vector<blocks::Paste>;

/// What the lines are made of.
struct Put {
    std::string address{}, hook{};
    std::string key{}; // as it is; in addresses `coded`
    std::string coded{};
    const oncall::Source& source;
};

std::string curl(const std::string& address, const std::string& json, const std::string& header = {})
{
    return "curl -d '" + json + "' \\\n  " + (header.empty() ? "" : "-H '" + header + "' ") + address;
}

Lines alertmanager_lines(const Put& put)
{
    return {{"In `alertmanager.yml`: the receiver, and a route that leads to it. Then reload Alertmanager.",
                "route:\n  receiver: oncall\n  group_by: [alertname, service]\nreceivers:\n  - name: oncall\n    "
                "webhook_configs:\n      - url: \""
                    + put.hook + "\"\n        send_resolved: true"},
        {"A test, where `amtool` is:", "amtool alert add OncallTest severity=info --annotation=summary='A test of oncall'"}};
}

Lines azure_lines(const Put& put)
{
    return {
        {"An action group calls a webhook with the *common alert schema*: *Monitor*, *Alerts*, *Action groups*, *Create*, action "
         "type *Webhook*, and turn on *common alert schema*. The address:",
            put.hook},
        {"The same by the command line, and then name the group in your alert rules:",
            "az monitor action-group create --resource-group GROUP --name oncall \\\n  --action webhook oncall \"" + put.hook
                + "\" usecommonalertschema"}};
}

Lines datadog_lines(const Put& put)
{
    return {{"*Integrations*, *Webhooks*, *New*: the name `oncall`, and as URL", put.hook},
        {"As *Payload*:", std::string{datadog_template}},
        {"Then write `@webhook-oncall` into the messages of your monitors, also for their recovery.", ""}};
}

/// Of /etc/aliases. Exim starts no shell by itself, and takes one argument in single quotes.
std::string mail_alias(const Put& put)
{
    return "oncall: \"|/bin/sh -c 'head -c 500000 | curl -sS -f --data-binary @- -H Content-Type:message/rfc822 " + put.hook
        + " || exit 75'\"";
}

Lines email_lines(const Put& put)
{
    return {
        {"On your mail server, in `/etc/aliases`, and then `newaliases`: mail to `oncall` becomes an alert. The line is one for "
         "Postfix and for Exim.",
            mail_alias(put)},
        {"Debian's Exim runs no command of an alias until its `exim4.conf.localmacros` has these lines:",
            "SYSTEM_ALIASES_PIPE_TRANSPORT = address_pipe\nSYSTEM_ALIASES_USER = nobody"},
        {"Of a large mail the beginning is enough. 75 has the mail server try again later, so that no mail is lost while I am "
         "away.",
            ""}};
}

Lines generic_lines(const Put& put)
{
    return {{"Anything that posts JSON. Without a `dedup_key` each post is a new alert.",
                curl(put.hook, R"({"title": "The disk is full", "severity": "critical", "dedup_key": "disk"})")},
        {"It is over:", curl(put.hook, R"({"status": "resolved", "dedup_key": "disk"})")},
        {"JSON of another shape: a `mapping` in the source's settings says where its title and so on stand.", ""}};
}

Lines github_lines(const Put& put)
{
    return {{"In the repository or the organisation: *Settings*, *Webhooks*, *Add webhook*. Content type `application/json`, "
             "*Secret*: "
             "the source's signing secret. Events: *Workflow runs*, *Deployment statuses*, *Pushes*, *Releases*. "
             "The payload URL:",
                put.hook},
        {"The same by the command line:",
            "gh api repos/OWNER/REPOSITORY/hooks -f name=web -F active=true \\\n  -f 'events[]=workflow_run' -f "
            "'events[]=deployment_status' \\\n  -f 'events[]=push' -f 'events[]=release' \\\n  -f "
            "'config[content_type]=json' -f 'config[url]="
                + put.hook + "'"}};
}

Lines google_lines(const Put& put)
{
    return {
        {"*Monitoring*, *Alerting*, *Edit notification channels*, *Webhooks*, *Add new*, and choose the channel in your alerting "
         "policies. The endpoint URL:",
            put.hook},
        {"The same by the command line:",
            "gcloud beta monitoring channels create --display-name=oncall \\\n  --type=webhook_tokenauth --channel-labels=url=\""
                + put.hook + "\""}};
}

Lines grafana_lines(const Put& put)
{
    return {{"*Alerting*, *Contact points*, *Add contact point*, integration *Webhook*, method POST. The URL:", put.hook},
        {"Then name that contact point in *Notification policies*. *Test* there sends a first event.", ""}};
}

Lines kubernetes_lines(const Put& put)
{
    return {{"In the configuration of `kubernetes-event-exporter`: warnings go to a receiver.",
        "route:\n  routes:\n    - drop:\n        - type: Normal\n      match:\n        - receiver: oncall\nreceivers:\n  - name: "
        "oncall\n    webhook:\n      endpoint: \""
            + put.hook + "\"\n      headers:\n        Content-Type: application/json"}};
}

Lines nagios_lines(const Put& put)
{
    return {
        {"The script `nagios-oncall` comes with me, in `/usr/share/oncall-bot/sources`. Copy it to the Nagios or Icinga machine, "
         "and put this address into a file that Nagios alone may read, as `/etc/nagios/oncall-url`:",
            put.hook},
        {"A command for services, which a contact names; for hosts and for Icinga 2 see the script's head:",
            "define command {\n  command_name  notify-service-by-oncall\n  command_line  /usr/local/bin/nagios-oncall "
            "/etc/nagios/oncall-url notificationtype='$NOTIFICATIONTYPE$' hostname='$HOSTNAME$' servicedesc='$SERVICEDESC$' "
            "state='$SERVICESTATE$' output='$SERVICEOUTPUT$'\n}"},
        {"A test, there:",
            "nagios-oncall /etc/nagios/oncall-url notificationtype=PROBLEM \\\n  hostname=test state=DOWN output='A test of "
            "oncall'"}};
}

Lines newrelic_lines(const Put& put)
{
    return {{"*Alerts*, *Destinations*, *Add a destination*, *Webhook*. The endpoint URL:", put.hook},
        {"Then *Workflows*, *Add a workflow*: notify by that webhook. Into its payload template, below the first brace, put the "
         "line by which I hear that somebody has acknowledged an issue there. *Send test notification* is a first event.",
            "\"isAcknowledged\": {{ json isAcknowledged }},"}};
}

Lines opsgenie_lines(const Put& put)
{
    return {{"Where a tool asks for the address of Opsgenie's API (host, API URL):", put.address},
        {"As its API key (GenieKey):", put.key},
        {"In Alertmanager:",
            "receivers:\n  - name: oncall\n    opsgenie_configs:\n      - api_url: \"" + put.address + "/\"\n        api_key: \""
                + put.key + "\""},
        {"A test:",
            curl(put.address + "/v2/alerts", R"({"message": "A test of oncall", "alias": "test", "priority": "P5"})",
                "Authorization: GenieKey " + put.key + "' -H 'Content-Type: application/json")}};
}

Lines pagerduty_lines(const Put& put)
{
    return {{"Where a tool asks for the address of PagerDuty's Events API v2 (integration URL):", put.address + "/v2/enqueue"},
        {"As integration key (routing key):", put.key},
        {"In Alertmanager:",
            "receivers:\n  - name: oncall\n    pagerduty_configs:\n      - url: \"" + put.address
                + "/v2/enqueue\"\n        routing_key: \"" + put.key + "\"\n        send_resolved: true"},
        {"A test:",
            curl(put.address + "/v2/enqueue",
                R"({"event_action": "trigger", "routing_key": ")" + put.key
                    + R"(", "dedup_key": "test", "payload": {"summary": "A test of oncall", "source": "me", "severity": "info"}})")}};
}

Lines paging_lines(const Put& put)
{
    return {{"One request pages whoever is on call for the source's service.",
                // In quotes: to some shells a question mark is a pattern.
                curl("'" + put.address + "/api/v1/webhook/" + net::percent_encode(put.source.name) + "?key=" + put.coded + "'",
                    R"({"message": "The checkout is down", "priority": "p1_critical"})")},
        {"A mail does the same: its subject is the message. On your mail server, in `/etc/aliases`, and then `newaliases`:",
            mail_alias(put)},
        {"PagerDuty's Events API v2 works as well, and may name whom to page in `payload.custom_details.page`. Its address:",
            put.address + "/v2/enqueue"}};
}

Lines sentry_lines(const Put& put)
{
    return {
        {"*Settings*, *Custom Integrations*, *Create New Integration*, *Internal Integration*: turn on *Alert Rule Action*, give "
         "*Issue & Event* the permission *Read*, and tick the webhook *issue*, by which I hear what is resolved. The webhook "
         "URL:",
            put.hook},
        {"Its *Client Secret* is the signing secret: put it into this source's form. Then choose *Send a notification via* that "
         "integration in your alert rules: they say what pages.",
            ""}};
}

Lines sns_lines(const Put& put)
{
    // By itself SNS tries three times within a minute, and gives up; its limit for all is an hour.
    const std::string patient{
        R"({"DeliveryPolicy": "{\"healthyRetryPolicy\": {\"minDelayTarget\": 20, \"maxDelayTarget\": 60, \"numRetries\": 50}}"})"};
    return {
        {"A topic sends here, and I confirm the subscription by myself. What I cannot take at once comes again for most of an "
         "hour, not for a minute alone:",
            "aws sns subscribe --topic-arn arn:aws:sns:REGION:ACCOUNT:TOPIC \\\n  --protocol https --notification-endpoint \""
                + put.hook + "\" \\\n  --attributes '" + patient + "'"},
        {"An alarm of CloudWatch names the topic for both states:",
            "aws cloudwatch put-metric-alarm … \\\n  --alarm-actions arn:aws:sns:REGION:ACCOUNT:TOPIC \\\n  --ok-actions "
            "arn:aws:sns:REGION:ACCOUNT:TOPIC"}};
}

Lines uptime_kuma_lines(const Put& put)
{
    return {
        {"*Settings*, *Notifications*, *Setup Notification*, type *Webhook*, request body *Preset - application/json*; *Default "
         "enabled* has new monitors use it. The post URL:",
            put.hook},
        {"*Test* there sends a first event.", ""}};
}

Lines victorops_lines(const Put& put)
{
    const auto address = put.address + "/integrations/generic/20131114/alert/";
    return {{"Where a tool asks for the URL of VictorOps' REST endpoint; the routing key is yours to choose:",
                address + put.coded + "/ROUTING-KEY"},
        {"In Alertmanager:",
            "receivers:\n  - name: oncall\n    victorops_configs:\n      - api_url: \"" + address + "\"\n        api_key: \""
                + put.key + "\"\n        routing_key: \"ROUTING-KEY\""},
        {"A test:",
            curl(address + put.coded + "/ROUTING-KEY",
                R"({"message_type": "CRITICAL", "entity_id": "test", "state_message": "A test of oncall"})")}};
}

Lines zabbix_lines(const Put& put)
{
    return {{"*Alerts*, *Media types*, *Import*: the file `zabbix_media_type.yaml`, which comes with me, in "
             "`/usr/share/oncall-bot/sources`. Its parameter `url` becomes:",
                put.hook},
        {"Then give a user that media, and have a trigger action notify the user, of recoveries and updates as well. *Test* in "
         "the "
         "list of media types sends a first event.",
            ""}};
}

struct SetupRow {
    std::string_view format{};
    Lines (*lines)(const Put&){};
    bool from_internet{}; // what sends is nobody's own machine
};
constexpr std::array setup_rows{
    SetupRow{"alertmanager", &alertmanager_lines},
    SetupRow{"azure", &azure_lines, true},
    SetupRow{"datadog", &datadog_lines, true},
    SetupRow{"email", &email_lines},
    SetupRow{"generic", &generic_lines},
    SetupRow{"github", &github_lines, true},
    SetupRow{"google", &google_lines, true},
    SetupRow{"grafana", &grafana_lines},
    SetupRow{"kubernetes", &kubernetes_lines},
    SetupRow{"nagios", &nagios_lines},
    SetupRow{"newrelic", &newrelic_lines, true},
    SetupRow{"opsgenie", &opsgenie_lines},
    SetupRow{"pagerduty", &pagerduty_lines},
    SetupRow{"paging", &paging_lines},
    SetupRow{"sentry", &sentry_lines, true},
    SetupRow{"sns", &sns_lines, true},
    SetupRow{"uptime_kuma", &uptime_kuma_lines},
    SetupRow{"victorops", &victorops_lines},
    SetupRow{"zabbix", &zabbix_lines},
};

} // namespace

std::vector<blocks::Paste> setup_lines(const SetupFor& setup)
{
    const auto key = setup.key.empty() ? std::string{"YOUR-KEY"} : setup.key;
    const auto coded = net::percent_encode(key);
    const Put put{setup.address, setup.address + "/hooks/" + coded, key, coded, setup.source};
    const auto* const row = std::find_if(
        setup_rows.begin(), setup_rows.end(), [&](const SetupRow& one) { return one.format == setup.source.format; });
    const bool known = row != setup_rows.end();
    const auto* const its = format(setup.source.format);
    const auto product = its ? std::string{its->product} : setup.source.format;
    Lines lines;
    if (!setup.is_public && known && row->from_internet)
        lines.push_back({"⚠️ " + product
                + " sends from the internet, and I am not reached from there yet: set ONCALL_PUBLIC_URL, with TLS "
                  "in front of me, and put that address in place of the one below.",
            ""});
    else if (!setup.is_public)
        lines.push_back(
            {"What runs on my own machine can use these lines as they are. What runs elsewhere needs the name by which I "
             "am reached: ONCALL_PUBLIC_URL.",
                ""});
    for (auto& line : known ? row->lines(put) : Lines{{"It posts to:", put.hook}})
        lines.push_back(std::move(line));
    if (setup.source.is_signed && its && !its->signature.header.empty())
        lines.push_back({"Each request must be signed by the source's signing secret, in the header `"
                + std::string{its->signature.header} + "`; what is not is refused.",
            ""});
    return lines;
}

} // namespace handlers::sources
