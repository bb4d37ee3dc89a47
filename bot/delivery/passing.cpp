#include "delivery/passing.hpp"

namespace delivery {

bool is_passing(slack::ErrorClass what)
{
    using enum slack::ErrorClass;
    return what == slow_down || what == transient || what == unreachable || what == migration || what == auth_dead
        || what == token_aged;
}

} // namespace delivery
