#pragma once

#include <string_view>

/// The one page behind answer links. Everything is a text that mustache escapes; there is no script. Read on a phone at night:
/// dark where the phone is, large where the thumb goes. Each colour has its word, and at least 4.5:1 to what is behind it.
namespace handlers {

inline constexpr std::string_view page_style{R"css(
:root { color-scheme: light dark; --back: #f1f3f5; --card: #ffffff; --ink: #1d2025; --soft: #56606c; --line: #d8dde3; }
@media (prefers-color-scheme: dark) {
  :root { --back: #121316; --card: #1e2126; --ink: #f2f3f5; --soft: #b6bdc8; --line: #3b4049; }
}
body { margin: 0; padding: 16px 12px; background: var(--back); color: var(--ink); font: 18px/26px system-ui, Roboto, Arial, sans-serif; }
main { max-width: 32rem; margin: 0 auto; padding: 20px; background: var(--card); border-radius: 12px; overflow-wrap: anywhere; }
h1 { margin: 4px 0 12px; font-size: 24px; line-height: 30px; }
p { margin: 12px 0; }
.soft { color: var(--soft); font-size: 16px; line-height: 23px; }
.said { padding: 12px 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); font-weight: 600; }
button { display: block; width: 100%; min-height: 60px; margin: 20px 0 0; padding: 12px; border: 0; border-radius: 10px;
  color: #ffffff; font: 600 20px/26px system-ui, Roboto, Arial, sans-serif; cursor: pointer; }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
.line { margin: 0; padding: 8px 0; border-top: 1px solid var(--line); }
.acknowledge { background: #0b6b4c; }
.decline { background: #8a5300; }
.resolve { background: #47515e; }
)css"};

inline constexpr std::string_view page_template{R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<title>{{title}}</title>
<style>{{{style}}}</style>
</head>
<body>
<main>
{{#tag}}
<p class="soft">{{tag}}</p>
{{/tag}}
<h1>{{heading}}</h1>
{{#said}}
<p class="said" role="status">{{said}}</p>
{{/said}}
{{#state}}
<p>{{state}}</p>
{{/state}}
{{#several}}
<p class="line">{{line}}</p>
{{/several}}
{{#label}}
<form method="post">
<input type="hidden" name="version" value="{{version}}">
<button class="{{verb}}">{{label}}</button>
</form>
<p>{{does}}.</p>
{{/label}}
{{#more}}
<p class="soft">{{more}}</p>
{{/more}}
</main>
</body>
</html>
)html"};

} // namespace handlers
