#pragma once

#include <string_view>

/// What a mail of several alerts looks like; as that of one does.
namespace notify {

inline constexpr std::string_view bundle_email_text{R"text({{heading}}
{{headline}}

{{#slack_is_down}}
Slack cannot be reached right now, so I could not tell you there.

{{/slack_is_down}}
{{#link}}
{{label}} ({{does}}):
{{link}}

The link opens a page with one button; nothing happens before you press it. It works for 24 hours.
{{/link}}
{{^link}}
{{without_link}}
{{/link}}

{{#alerts}}
  {{line}}
    since {{since}}
{{/alerts}}
)text"};

inline constexpr std::string_view bundle_email_html{R"html(<!DOCTYPE html>
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
  .line { border-color: #3b4049 !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#f1f3f5;-webkit-text-size-adjust:100%;">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f3f5" style="background-color:#f1f3f5;"><tr><td align="center" style="padding:12px 8px;">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width:560px;background-color:#ffffff;">
<tr><td bgcolor="{{colour}}" style="background-color:{{colour}};padding:10px 20px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:20px;font-weight:bold;color:#ffffff;">{{heading}}</td></tr>
<tr><td class="ink" style="padding:18px 20px 4px 20px;font-family:Arial,Helvetica,sans-serif;font-size:22px;line-height:28px;font-weight:bold;color:#1d2025;word-break:break-word;">{{headline}}</td></tr>
{{#slack_is_down}}
<tr><td class="ink" style="padding:8px 20px 0 20px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:22px;color:#1d2025;"><b>Slack cannot be reached right now</b>, so I could not tell you there.</td></tr>
{{/slack_is_down}}
{{#link}}
<tr><td style="padding:14px 20px 0 20px;"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" bgcolor="#0b6b4c" style="background-color:#0b6b4c;border-radius:8px;mso-padding-alt:14px 12px;"><a href="{{link}}" style="display:block;padding:14px 12px;font-family:Arial,Helvetica,sans-serif;font-size:18px;line-height:24px;font-weight:bold;color:#ffffff;text-decoration:none;">{{label}}</a></td></tr></table></td></tr>
<tr><td class="soft" align="center" style="padding:4px 20px 0 20px;font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:19px;color:#56606c;">{{does}}</td></tr>
<tr><td class="soft" style="padding:16px 20px 0 20px;font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:19px;color:#56606c;">The button opens a page that asks once more; nothing happens before you press there. It works for 24 hours.</td></tr>
{{/link}}
{{^link}}
<tr><td class="ink" style="padding:8px 20px 0 20px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:22px;color:#1d2025;">{{without_link}}</td></tr>
{{/link}}
<tr><td style="padding:16px 20px 0 20px;"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
{{#alerts}}
<tr><td class="ink line" style="padding:8px 0;border-top:1px solid #d8dde3;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:22px;color:#1d2025;word-break:break-word;">{{line}}<br><span class="soft" style="color:#56606c;font-size:14px;">since {{since}}</span></td></tr>
{{/alerts}}
</table></td></tr>
<tr><td style="padding:0 20px 16px 20px;font-size:1px;line-height:1px;">&nbsp;</td></tr>
</table>
</td></tr></table>
</body>
</html>
)html"};

} // namespace notify
