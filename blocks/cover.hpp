#pragma once

#include "blocks/kit.hpp"
#include "oncall/cover.hpp"

namespace blocks {

namespace action { // values: "<id>:<version>"
inline constexpr std::string_view cover_take{"cover.take"};
inline constexpr std::string_view cover_part{"cover.part"}; // opens a form
inline constexpr std::string_view cover_cancel{"cover.cancel"};
inline constexpr std::string_view cover_agree{"cover.agree"};
inline constexpr std::string_view cover_decline{"cover.decline"};
} // namespace action
namespace view {
inline constexpr std::string_view cover_form{"cover.submit"};
inline constexpr std::string_view cover_part_form{"cover.part.submit"}; // private_metadata: "<id>:<version>"
inline constexpr std::string_view swap_form{"swap.submit"};
inline constexpr std::string_view take_form{"take.submit"};
inline constexpr std::string_view cover_shift{"cover.shift"}; // block and action ids of the inputs
inline constexpr std::string_view cover_theirs{"cover.theirs"};
inline constexpr std::string_view cover_from{"cover.from"};
inline constexpr std::string_view cover_to{"cover.to"};
inline constexpr std::string_view cover_reason{"cover.reason"};
} // namespace view

/// A request as one of those sees it who get it.
struct CoverView {
    oncall::CoverRequest request{};
    oncall::CoverAudience audience{};
    Names names{};
};
Message cover(const CoverView& shown);

/// The form that asks for cover; `shifts` to choose from, as in_zone() writes them.
View cover_form(const std::vector<kit::Option>& shifts, const std::string& zone);
/// The form that takes a part of a request.
View cover_part_form(const oncall::CoverRequest& request, const Names& names);
/// The form that asks for a swap.
View swap_form(const std::vector<kit::Option>& mine, const std::vector<kit::Option>& theirs, const std::string& zone);
/// The form that asks somebody whether one may be on call instead; `theirs` as in that of a swap.
View take_form(const std::vector<kit::Option>& theirs, const std::string& zone);
/// A form was sent: what came of it, as in words().
View cover_done(const std::string& words, const Names& names);
/// Somebody's open requests, each with the button that cancels it.
Message open_requests(const std::vector<oncall::CoverRequest>& requests, const Names& names);

} // namespace blocks
