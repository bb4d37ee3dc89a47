#pragma once

// Catch2 2 (Debian 12) and 3 (newer) differ in their headers alone, as far as we use them.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

inline auto contains(const std::string& part)
{
#if __has_include(<catch2/catch_all.hpp>)
    return Catch::Matchers::ContainsSubstring(part);
#else
    return Catch::Matchers::Contains(part);
#endif
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }
