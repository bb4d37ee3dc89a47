#include "oncall/contact_permission.hpp"

#include "oncall/alert.hpp"

namespace oncall {

namespace {

void permit_any(const Asker& asker)
{
    if (asker.stranger || asker.kind == "stranger")
        throw Refusal{"Only people of this workspace are paged by me, so there is nothing to set up for you here."};
    if (asker.kind == "bot")
        throw Refusal{"Apps are not paged."};
}

} // namespace

Sees permit_contacts(const Asker& asker, bool is_admin, const std::string& person)
{
    permit_any(asker);
    if (person == asker.id)
        return Sees::everything;
    if (!is_admin)
        throw Refusal{
            "Only admins (ONCALL_ADMINS) may see how others are reached, and not the addresses. Yours are at `/oncall contact`."};
    return Sees::masked;
}

void permit_contact(const Asker& asker, const std::string& owner)
{
    permit_any(asker);
    if (owner.empty() || owner != asker.id)
        throw Refusal{"You have no such way to be reached any more. `/oncall contact` shows those you have."};
}

} // namespace oncall
