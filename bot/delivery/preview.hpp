#pragma once

#include "delivery/job.hpp"

/// Pictures in forms. A form is opened at once, with words in the picture's place, and the picture follows.
namespace delivery {

/// The block_id of the block in whose place a picture is to appear.
inline constexpr std::string_view picture_block{"picture"};
/// "Drawing…": stands there until then.
slack::Json picture_placeholder();

/// A form with a picture to come.
struct Preview {
    std::string view_id{}; // as views.open or views.update answered
    std::string external_id{}; // instead: of a view that an answer pushes, whose id nobody tells. Once another is in its place
                               // it is left alone
    std::string hash{}; // of that answer: a form that has changed since is left alone. Empty: it is changed all the same
    slack::View view{}; // what it shows, with picture_placeholder() among its blocks
    std::string svg{};
    std::string name{}; // of the file: "payments.png"
    std::string alt{}; // what the picture shows, in words; they stand there instead when no picture is to be had
};

/// Asks for it: drawn, given to Slack and put into the form a moment later. `key` makes it done once; a newer wish of that key
/// takes the place of one that has not begun.
void add_preview(storage::Transaction& tx, const std::string& key, const Preview& preview, oncall::TimePoint now);

/// Renders such a row: kind "preview".
void draw_preview(const Desk& desk, Job& job);
/// What views.update is given of it. `file`: the picture's; empty: there is none.
slack::Json preview_arguments(const Job& job, const std::string& file);

} // namespace delivery
