#include "handlers/sources/mapped.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace handlers::sources {

using oncall::Mapping;
using slack::Json;

namespace {

constexpr std::size_t most_places = 99; // a menu has room for one more
constexpr std::size_t most_place = 120; // bytes; a choice in a menu is no longer

/// What the mapping takes for its first alert; null: nothing, so that it is none for this payload.
Json first_alert_of(const Json& payload, const std::string& each)
{
    if (each.empty())
        return payload;
    try {
        const auto& list = payload.at(Json::json_pointer{each});
        return list.is_array() && !list.empty() ? list.front() : Json{};
    } catch (const Json::exception&) {
        return {};
    }
}

void add_places(std::vector<Leaf>& places, const Json& json, const std::string& before)
{
    for (auto& leaf : leaves_of(json)) {
        leaf.pointer.insert(0, before);
        const bool fits = leaf.pointer.size() <= most_place && std::none_of(leaf.pointer.begin(), leaf.pointer.end(), [](char c) {
            return static_cast<unsigned char>(c) < 0x20;
        });
        if (fits && !oncall::trimmed(leaf.value).empty() && places.size() < most_places)
            places.push_back(std::move(leaf));
    }
}

const Leaf* place_at(const std::vector<Leaf>& places, const std::string& pointer)
{
    const auto found = std::find_if(places.begin(), places.end(), [&](const Leaf& one) { return one.pointer == pointer; });
    return found == places.end() ? nullptr : &*found;
}

} // namespace

MappingOffer mapping_offered(const Json& payload, const Mapping& own)
{
    MappingOffer offer;
    offer.mapping = own;
    auto alert = first_alert_of(payload, own.each);
    offer.is_guessed = own.fields.empty() || !alert.is_structured();
    if (offer.is_guessed) {
        offer.mapping = mapping_guessed(payload);
        alert = first_alert_of(payload, offer.mapping.each);
    }
    add_places(offer.places, alert, "");
    if (!offer.mapping.each.empty()) {
        auto around = payload;
        around.at(Json::json_pointer{offer.mapping.each}) = nullptr;
        add_places(offer.places, around, "/payload");
    }
    for (const auto name : chosen_fields)
        if (const auto field = offer.mapping.fields.find(std::string{name}); field != offer.mapping.fields.end())
            for (const auto& pointer : field->second.from)
                if (place_at(offer.places, pointer)) {
                    offer.taken.emplace(name, pointer);
                    break;
                }
    return offer;
}

Mapping mapping_chosen(const MappingOffer& offer, const std::map<std::string, std::string>& places)
{
    auto mapping = offer.mapping;
    for (const auto& [name, place] : places) {
        const auto shown = offer.taken.find(name);
        if (place.empty())
            mapping.fields.erase(name);
        if (place.empty() || (shown != offer.taken.end() && shown->second == place))
            continue;
        auto& field = mapping.fields[name];
        std::erase(field.from, place);
        if (shown == offer.taken.end())
            field.from.insert(field.from.begin(), place);
        else
            std::replace(field.from.begin(), field.from.end(), shown->second, place);
        // A word that nobody knows waits for its meaning; until then it fires.
        const auto* const leaf = place_at(offer.places, place);
        if (const auto word = oncall::lower(leaf ? leaf->value : ""); name == "status" && !signal_said(word))
            field.values.emplace(word, "firing");
    }
    return mapping.fields.empty() ? Mapping{} : mapping;
}

} // namespace handlers::sources
