#pragma once

#include "oncall/alert.hpp"

#include <cstdint>
#include <vector>

/// What an alert's words say, whatever numbers they hold this time.
namespace oncall {

/// Lower case, with what differs from one report to the next masked: "<uuid>", "<ip>", "<hex>", "<num>" (with a unit: "97%",
/// "12ms"). Of a long text the beginning counts.
std::string masked(std::string_view text);
/// The words of it, sorted, without the masks: they say nothing.
std::vector<std::string> masked_words(std::string_view text);

/// Of the same source, by the same rule, with the same words: the same number, in every process and version.
std::uint64_t fingerprint(const Alert& alert);

/// The cosine of the angle between two texts' sorted words, from 0 (none in common) to 1 (the same).
double likeness(const std::vector<std::string>& one, const std::vector<std::string>& other);

} // namespace oncall
