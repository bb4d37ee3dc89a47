#include "commands/verbs.hpp"

namespace commands {

const std::vector<Verb>& verbs()
{
    static const std::vector<Verb> all{
        {"token list", list_tokens},
        {"token rotate", rotate_token},
        {"token revoke", revoke_token},
        {"apply", apply_file, true},
        {"export", export_configuration},
        {"check payload", check_payload},
        {"sync", sync_directories},
    };
    return all;
}

} // namespace commands
