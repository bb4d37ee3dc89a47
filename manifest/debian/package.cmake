# The .deb, by CPack: `bot/run package`.
set(about ${PROJECT_SOURCE_DIR}/manifest/debian)
set(made ${PROJECT_BINARY_DIR}/debian)

file(WRITE ${made}/changelog "oncall-bot (${PROJECT_VERSION}) unstable; urgency=medium

  * What changed is in the history of the repository.

 -- The authors of oncall-bot <oncall-bot@localhost>  Sun, 01 Nov 2026 00:00:00 +0000
")
execute_process(COMMAND gzip -9nkf ${made}/changelog)
# The sample, telling an editor where its schema is installed.
file(READ manifest/oncall.yaml packed)
string(REPLACE "$schema=oncall.schema.json" "$schema=/usr/share/oncall-bot/oncall.schema.json" packed "${packed}")
file(WRITE ${made}/oncall.yaml "${packed}")

install(TARGETS oncall-bot RUNTIME DESTINATION bin)
install(FILES manifest/oncall-bot.service DESTINATION lib/systemd/system)
# No conffiles: postinst makes /etc/oncall-bot of these once, so that no upgrade has anything to ask.
install(FILES ${about}/env ${made}/oncall.yaml manifest/oncall.schema.json DESTINATION share/oncall-bot)
install(FILES README.md ${about}/copyright ${made}/changelog.gz DESTINATION share/doc/oncall-bot)
# What is set up in other tools: a script, files to import.
install(DIRECTORY manifest/sources DESTINATION share/oncall-bot USE_SOURCE_PERMISSIONS)
install(DIRECTORY manifest/ DESTINATION share/doc/oncall-bot/examples PATTERN debian EXCLUDE PATTERN pictures EXCLUDE
  PATTERN sources EXCLUDE
  PATTERN oncall-bot.service EXCLUDE PATTERN oncall.yaml EXCLUDE PATTERN oncall.schema.json EXCLUDE)

# What is packed was built before.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_NAME oncall-bot)
set(CPACK_PACKAGE_CONTACT "The authors of oncall-bot <oncall-bot@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "on-call management that lives in Slack")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Alerts come in, whoever is on call is paged by Slack and e-mail, and the page climbs until
 somebody answers. One process, one SQLite file, your own machine.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, tzdata")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "librsvg2-bin, fonts-dejavu-core") # pictures as PNG
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${about}/postinst ${about}/prerm ${about}/postrm)
include(CPack)
