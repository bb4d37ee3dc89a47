#pragma once

#include "oncall/override_permission.hpp"

namespace oncall {

enum class Sees { everything, masked };

/// What `asker` may see of the ways to reach `person`: her own she sees, and she alone changes them; admins see that others have
/// some, masked; nobody else sees anything. Throws Refusal.
Sees permit_contacts(const Asker& asker, bool is_admin, const std::string& person);

/// Whether what `asker` wants to change is hers. Throws Refusal, with the same words when it is not there at all.
void permit_contact(const Asker& asker, const std::string& owner);

} // namespace oncall
