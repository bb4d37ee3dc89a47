#include "precompiled.hpp"

// The one place where the JSON library's classes become code; compiled with optimization, also where nothing else is.
template class nlohmann::basic_json<nlohmann::ordered_map>;
template class nlohmann::detail::serializer<nlohmann::ordered_json>;
template class std::vector<nlohmann::ordered_json>;
