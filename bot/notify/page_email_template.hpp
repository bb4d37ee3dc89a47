#pragma once

#include <string_view>

/// What a page's mail looks like. Mail programs know little: tables for layout, styles at each element; Outlook knows no rounded
/// corners and no padding of links, Gmail not the <style>. Each colour comes with its word.
namespace notify {

inline constexpr std::string_view page_email_text{R"text({{banner}}
{{headline}}

{{#slack_is_down}}
Slack cannot be reached right now, so I could not tell you there.
{{#has_answers}}Answer with a link in this mail.
{{/has_answers}}

{{/slack_is_down}}
{{#answers}}
{{label}} ({{does}}):
{{link}}

{{/answers}}
{{#has_answers}}
Each link opens a page with one button; nothing happens before you press it. They work for 24 hours.
{{/has_answers}}
{{^has_answers}}
{{without_links}}
{{/has_answers}}

{{#facts}}
{{name}}: {{value}}{{href}}
{{/facts}}
{{#has_description}}

What its source says:
{{/has_description}}
{{#description}}
  {{line}}
{{/description}}
{{#has_links}}

Links:
{{/has_links}}
{{#links}}
  {{text}}:
  {{href}}
{{/links}}
{{#has_labels}}

Labels:
{{/has_labels}}
{{#labels}}
  {{label}}
{{/labels}}
)text"};

inline constexpr std::string_view page_email_html{R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>{{headline}}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: #121316 !important; }
  .card { background-color: #1e2126 !important; }
  .ink { color: #f2f3f5 !important; }
  .soft { color: #b6bdc8 !important; }
  .link { color: #8ab8ff !important; }
  .line { border-color: #3b4049 !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#f1f3f5;-webkit-text-size-adjust:100%;">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all;">{{preview}}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f3f5" style="background-color:#f1f3f5;"><tr><td align="center" style="padding:12px 8px;">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width:560px;background-color:#ffffff;">
<tr><td bgcolor="{{colour}}" style="background-color:{{colour}};padding:10px 20px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:20px;font-weight:bold;color:#ffffff;">{{banner}}</td></tr>
<tr><td class="ink" style="padding:18px 20px 4px 20px;font-family:Arial,Helvetica,sans-serif;font-size:22px;line-height:28px;font-weight:bold;color:#1d2025;word-break:break-word;">{{headline}}</td></tr>
{{#slack_is_down}}
<tr><td class="ink" style="padding:8px 20px 0 20px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:22px;color:#1d2025;"><b>Slack cannot be reached right now</b>, so I could not tell you there.{{#has_answers}} Answer with a button below.{{/has_answers}}</td></tr>
{{/slack_is_down}}
{{#answers}}
<tr><td style="padding:14px 20px 0 20px;"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" bgcolor="{{colour}}" style="background-color:{{colour}};border-radius:8px;mso-padding-alt:14px 12px;"><a href="{{link}}" style="display:block;padding:14px 12px;font-family:Arial,Helvetica,sans-serif;font-size:18px;line-height:24px;font-weight:bold;color:#ffffff;text-decoration:none;">{{label}}</a></td></tr></table></td></tr>
<tr><td class="soft" align="center" style="padding:4px 20px 0 20px;font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:19px;color:#56606c;">{{does}}</td></tr>
{{/answers}}
{{#has_answers}}
<tr><td class="soft" style="padding:16px 20px 0 20px;font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:19px;color:#56606c;">Each button opens a page that asks once more; nothing happens before you press there. They work for 24 hours.</td></tr>
{{/has_answers}}
{{^has_answers}}
<tr><td class="ink" style="padding:8px 20px 0 20px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:22px;color:#1d2025;">{{without_links}}</td></tr>
{{/has_answers}}
<tr><td style="padding:16px 20px 0 20px;"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
{{#facts}}
<tr><td class="ink line" style="padding:8px 0;border-top:1px solid #d8dde3;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:22px;color:#1d2025;word-break:break-word;"><span class="soft" style="color:#56606c;">{{name}}:</span> {{value}}{{#href}}<a class="link" href="{{href}}" style="color:#1a5fb4;">{{href}}</a>{{/href}}</td></tr>
{{/facts}}
{{#has_description}}
<tr><td class="ink line" style="padding:8px 0;border-top:1px solid #d8dde3;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:22px;color:#1d2025;word-break:break-word;"><span class="soft" style="color:#56606c;">What its source says:</span><br>
{{/has_description}}
{{#description}}
{{line}}<br>
{{/description}}
{{#has_description}}
</td></tr>
{{/has_description}}
{{#links}}
<tr><td class="ink line" style="padding:8px 0;border-top:1px solid #d8dde3;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:22px;color:#1d2025;word-break:break-word;"><span class="soft" style="color:#56606c;">{{text}}:</span> <a class="link" href="{{href}}" style="color:#1a5fb4;">{{href}}</a></td></tr>
{{/links}}
{{#has_labels}}
<tr><td class="ink line" style="padding:8px 0;border-top:1px solid #d8dde3;font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:20px;color:#1d2025;word-break:break-word;"><span class="soft" style="color:#56606c;">Labels:</span><br>
{{/has_labels}}
{{#labels}}
{{label}}<br>
{{/labels}}
{{#has_labels}}
</td></tr>
{{/has_labels}}
</table></td></tr>
<tr><td style="padding:0 20px 16px 20px;font-size:1px;line-height:1px;">&nbsp;</td></tr>
</table>
</td></tr></table>
</body>
</html>
)html"};

inline constexpr std::string_view alarm_email_html{R"html(<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>oncall-bot</title></head>
<body style="margin:0;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:22px;">
<div style="white-space:pre-wrap;word-break:break-word;">{{words}}</div>
</body>
</html>
)html"};

} // namespace notify
