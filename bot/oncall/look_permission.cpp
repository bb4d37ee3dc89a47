#include "oncall/look_permission.hpp"

#include "oncall/alert.hpp"

namespace oncall {

namespace {

bool is_guest(const Asker& asker) { return asker.kind == "guest" || asker.kind == "bot"; }

} // namespace

void permit_look(const Asker& asker)
{
    if (asker.stranger || asker.kind == "stranger")
        throw Refusal{"Only people of this workspace can look around in its schedules. Ask somebody here to show you."};
}

void permit_post(const Asker& asker)
{
    permit_look(asker);
    if (is_guest(asker))
        throw Refusal{"Guests of this workspace cannot post schedules in channels. Ask a member to do it."};
}

void permit_coverage(const Asker& asker)
{
    permit_look(asker);
    if (is_guest(asker))
        throw Refusal{"Guests of this workspace cannot see what is to be mended. Ask a member to do it."};
}

void permit_report(const Asker& asker, bool own)
{
    permit_look(asker);
    if (is_guest(asker) && !own)
        throw Refusal{"Guests of this workspace can only see their own hours: `/oncall report me`."};
}

} // namespace oncall
