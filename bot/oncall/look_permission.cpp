#include "oncall/look_permission.hpp"

#include "oncall/who_may.hpp"

namespace oncall {

void permit_look(const Asker& asker) { permit(Deed::look, asker.kind, asker.stranger); }

void permit_post(const Asker& asker) { permit(Deed::post, asker.kind, asker.stranger); }

void permit_coverage(const Asker& asker) { permit(Deed::see_coverage, asker.kind, asker.stranger); }

void permit_report(const Asker& asker, bool own)
{
    permit(own ? Deed::see_own_report : Deed::see_report, asker.kind, asker.stranger);
}

} // namespace oncall
