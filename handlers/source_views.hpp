#pragma once

#include "blocks/sources.hpp"
#include "handlers/settings.hpp"
#include "storage/payloads.hpp"

/// What `/oncall source` shows of what is configured and stored.
namespace handlers {

/// The source that is called so, or a Refusal with what may be meant.
const oncall::Source& source_meant(const oncall::Configuration& configuration, const std::string& name);
Surroundings around_source(storage::Transaction& tx, const Context& app, const std::string& source, const Asked& asked);
/// Whoever may edit a source may look into what it sent, replay and dismiss it. Throws Refusal.
void permit_source(const Surroundings& around, const std::string& source);

/// What is kept of something that came, or a Refusal.
storage::Payload payload_meant(storage::Transaction& tx, std::int64_t id);

slack::View list_of_sources(storage::Transaction& tx, const Context& app, std::size_t page);
/// `words` are said on top.
slack::View view_of_source(
    storage::Transaction& tx, const Context& app, const std::string& name, const Asked& asked, const std::string& words = {});
blocks::PayloadLine line_of_payload(const storage::Payload& payload, bool with_words);

/// What to set in the tool of a source, with its key, or with YOUR-KEY in its place when that is empty.
std::vector<blocks::Paste> lines_to_paste(const Context& app, const oncall::Source& source, const std::string& key);
/// A source's key, to be shown this once, with the lines to paste into what sends.
blocks::KeyView key_view(const Context& app, const std::string& source, const std::string& key);

} // namespace handlers
