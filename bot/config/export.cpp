#include "config/export.hpp"

#include "config/write.hpp"
#include "config/yaml.hpp"

namespace config {

std::string export_yaml(const oncall::Configuration& configuration) { return yaml_of(write_configuration(configuration)); }

} // namespace config
