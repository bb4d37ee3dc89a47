#pragma once

#include "handlers/routes.hpp"

/// Alerts that somebody puts together, or takes apart.
namespace handlers {

/// `merge 17 into 12`; without both of them, a form opens.
Answer merge_alerts(slack::Command command, std::string rest, std::string delivery, Context& app);
/// `split 17`; alone it opens a form.
Answer split_alert(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer click_merge(slack::Action action, std::string delivery, Context& app);
/// Splits it at once: also what takes a merge back.
Answer click_split(slack::Action action, std::string delivery, Context& app);
Answer submit_merge(slack::Submission submission, std::string delivery, Context& app);
Answer submit_split(slack::Submission submission, std::string delivery, Context& app);

} // namespace handlers
