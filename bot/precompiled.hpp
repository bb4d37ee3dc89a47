// What every source is compiled behind; each still includes what it uses.
#pragma once

// The JSON library's literals ("…"_json) would make every source instantiate the whole parser, used or not: a second each.
// As templates that nobody calls they cost nothing. Where the library writes them without the blank they stay as they are.
#define _json(text, size)                                                                                                        \
    _json(text, size);                                                                                                           \
    template <class> nlohmann::json unused_json_literal(text, size)
#define _json_pointer(text, size)                                                                                                \
    _json_pointer(text, size);                                                                                                   \
    template <class> nlohmann::json::json_pointer unused_json_pointer_literal(text, size)
#include <nlohmann/json.hpp>
#undef _json
#undef _json_pointer

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// As code they are in precompiled.cpp alone: in each source they would cost an eighth of its time to compile.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;
extern template class nlohmann::detail::serializer<nlohmann::ordered_json>;
extern template class std::vector<nlohmann::ordered_json>;
