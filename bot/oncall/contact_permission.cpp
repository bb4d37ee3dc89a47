#include "oncall/contact_permission.hpp"

#include "oncall/alert.hpp"
#include "oncall/who_may.hpp"

namespace oncall {

namespace {

void permit_any(const Asker& asker) { permit(Deed::set_contact, asker.kind, asker.stranger); }

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
