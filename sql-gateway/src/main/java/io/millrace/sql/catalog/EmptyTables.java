package io.millrace.sql.catalog;

/** Catalogue tables of things that do not exist here. */
final class EmptyTables {
  private EmptyTables() {}

  static void addTo(VirtualTables tables) {
    objects(tables);
    others(tables);
  }

  private static void objects(VirtualTables tables) {
    tables.empty("pg_attrdef", "oid:o adrelid:o adnum:i adbin:t");
    tables.empty("pg_description", "objoid:o classoid:o objsubid:i description:t");
    tables.empty("pg_shdescription", "objoid:o classoid:o description:t");
    tables.empty("pg_inherits", "inhrelid:o inhparent:o inhseqno:i inhdetachpending:b");
    tables.empty(
        "pg_proc",
        "oid:o proname:t pronamespace:o proowner:o prolang:o prokind:t prorettype:o"
            + " proargtypes:t proargnames:t proargmodes:t proallargtypes:t pronargs:i"
            + " provariadic:o proretset:b provolatile:t proacl:t prosrc:t proisstrict:b"
            + " prosecdef:b proparallel:t procost:d prorows:d");
    tables.empty("pg_extension", "oid:o extname:t extowner:o extnamespace:o extversion:t");
    tables.empty("pg_enum", "oid:o enumtypid:o enumsortorder:d enumlabel:t");
    tables.empty("pg_range", "rngtypid:o rngsubtype:o rngmultitypid:o");
    tables.empty("pg_auth_members", "roleid:o member:o grantor:o admin_option:b");
    tables.empty(
        "pg_trigger",
        "oid:o tgrelid:o tgparentid:o tgname:t tgfoid:o tgtype:i tgenabled:t tgisinternal:b"
            + " tgconstraint:o tgdeferrable:b tginitdeferred:b tgargs:t");
    tables.empty(
        "pg_policy",
        "oid:o polname:t polrelid:o polcmd:t polpermissive:b polroles:t polqual:t"
            + " polwithcheck:t");
    tables.empty("pg_rewrite", "oid:o rulename:t ev_class:o ev_type:t ev_enabled:t is_instead:b");
    tables.empty(
        "pg_publication",
        "oid:o pubname:t pubowner:o puballtables:b pubinsert:b pubupdate:b pubdelete:b"
            + " pubtruncate:b pubviaroot:b");
    tables.empty("pg_publication_rel", "oid:o prpubid:o prrelid:o prqual:t prattrs:t");
    tables.empty("pg_publication_namespace", "oid:o pnpubid:o pnnspid:o");
    tables.empty(
        "pg_statistic_ext",
        "oid:o stxrelid:o stxname:t stxnamespace:o stxowner:o stxstattarget:i stxkeys:t"
            + " stxkind:t stxexprs:t");
    tables.empty("pg_foreign_table", "ftrelid:o ftserver:o ftoptions:t");
    tables.empty("pg_foreign_server", "oid:o srvname:t srvowner:o srvfdw:o srvoptions:t");
    tables.empty("pg_foreign_data_wrapper", "oid:o fdwname:t fdwowner:o fdwoptions:t");
    tables.empty("pg_partitioned_table", "partrelid:o partstrat:t partnatts:i partdefid:o");
  }

  private static void others(VirtualTables tables) {
    tables.empty(
        "pg_depend",
        "classid:o objid:o objsubid:i refclassid:o refobjid:o refobjsubid:i deptype:t");
    tables.empty("pg_views", "schemaname:t viewname:t viewowner:t definition:t");
    tables.empty("pg_matviews", "schemaname:t matviewname:t matviewowner:t definition:t");
    tables.empty(
        "pg_sequence", "seqrelid:o seqtypid:o seqstart:l seqincrement:l seqmax:l seqmin:l");
    tables.empty("pg_language", "oid:o lanname:t lanowner:o");
    tables.empty("pg_operator", "oid:o oprname:t oprnamespace:o oprleft:o oprright:o oprresult:o");
    tables.empty(
        "pg_opclass", "oid:o opcname:t opcnamespace:o opcmethod:o opcintype:o opcdefault:b");
    tables.empty("pg_aggregate", "aggfnoid:o aggkind:t");
    tables.empty("pg_cast", "oid:o castsource:o casttarget:o castfunc:o castcontext:t");
    tables.empty("pg_event_trigger", "oid:o evtname:t");
    tables.empty("pg_stat_activity", "datid:o datname:t pid:i usename:t state:t query:t");
    tables.empty("pg_locks", "locktype:t database:o relation:o pid:i mode:t granted:b");
    tables.empty("pg_db_role_setting", "setdatabase:o setrole:o setconfig:t");
    tables.empty(
        "pg_default_acl", "oid:o defaclrole:o defaclnamespace:o defaclobjtype:t defaclacl:t");
    tables.empty("pg_subscription", "oid:o subname:t subowner:o subenabled:b");
    tables.empty("pg_conversion", "oid:o conname:t connamespace:o");
    tables.empty("pg_ts_config", "oid:o cfgname:t cfgnamespace:o");
    tables.empty("pg_largeobject_metadata", "oid:o lomowner:o lomacl:t");
    tables.empty("pg_seclabel", "objoid:o classoid:o objsubid:i provider:t label:t");
    tables.empty("pg_timezone_names", "name:t abbrev:t utc_offset:t is_dst:b");
  }
}
