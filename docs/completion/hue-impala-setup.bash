# bash completion for hue-impala-setup; made from the program's option table
_hue_impala_setup() {
  local cur prev prefix="" word found="" words="" options="" i
  cur=${COMP_WORDS[COMP_CWORD]}
  prev=${COMP_WORDS[COMP_CWORD - 1]}
  # bash splits --flag=value at the = sign, unless COMP_WORDBREAKS was changed
  if [[ $cur == "=" ]]; then
    cur=""
  elif [[ $prev == "=" ]] && ((COMP_CWORD >= 2)); then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $cur == --*=* ]]; then
    prev=${cur%%=*} prefix=${cur%%=*}= cur=${cur#*=}
  fi

  case $prev in
    --answers | --save-answers | --hue-ini | --cm-password-file | --cm-ca-file | --kerberos-keytab | --spec | --haproxy-config | --agent-config | --socket | --tls-certificate | --tls-key | --tls-key-password-file | --impala-ca-file)
      compopt -o filenames 2>/dev/null
      _hue_impala_setup_reply -f
      return
      ;;
    --target)
      _hue_impala_setup_reply -W "hue-ini cloudera-manager"
      return
      ;;
    --server-host | --impalad)
      _hue_impala_setup_reply -A hostname
      return
      ;;
    --server-port | --impala-principal | --server-conn-timeout | --hue-unit | --cm-url | --cm-user | --cm-timeout | --cluster | --hue-service | --impala-service | --haproxy-version | --listen | --allow | --admin-listen | --kerberos-principal | --kerberos-client | --interface | --virtual-ip | --own-ip | --peer-ip | --router-id)
      COMPREPLY=()
      return
      ;;
    --balancer)
      _hue_impala_setup_reply -W "embedded haproxy external"
      return
      ;;
    --balance)
      _hue_impala_setup_reply -W "session source leastconn roundrobin first"
      return
      ;;
    --unit-dir | --state-dir)
      compopt -o filenames 2>/dev/null
      _hue_impala_setup_reply -d
      return
      ;;
    --lang)
      _hue_impala_setup_reply -W "en ja"
      return
      ;;
    --color)
      _hue_impala_setup_reply -W "auto always never"
      return
      ;;
    --log-format)
      _hue_impala_setup_reply -W "text json"
      return
      ;;
  esac

  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $word in
      --answers | --save-answers | --target | --hue-ini | --server-host | --server-port | --impala-principal | --server-conn-timeout | --hue-unit | --cm-url | --cm-user | --cm-password-file | --cm-ca-file | --cm-timeout | --cluster | --hue-service | --impala-service | --impalad | --balancer | --haproxy-version | --listen | --balance | --allow | --admin-listen | --kerberos-keytab | --kerberos-principal | --kerberos-client | --spec | --haproxy-config | --agent-config | --unit-dir | --state-dir | --lang | --color | --socket | --log-format | --tls-certificate | --tls-key | --tls-key-password-file | --impala-ca-file | --interface | --virtual-ip | --own-ip | --peer-ip | --router-id)
        [[ ${COMP_WORDS[i + 1]} == "=" ]] && ((i++))
        ((i++))
        ;;
      -* | =) ;;
      *) found+="${found:+ }$word" ;;
    esac
  done

  case $found in
    "balancer")
      words="run check status drain ready reload"
      options="--help"
      ;;
    "haproxy")
      words="print check"
      options="--help"
      ;;
    "keepalived")
      words="print"
      options="--help"
      ;;
    "config")
      words="show"
      options="--help"
      ;;
    "")
      words="discover balancer haproxy keepalived doctor undo sync config completion"
      options="--non-interactive --dry-run --check --yes --answers --save-answers --target --hue-ini --server-host --server-port --impala-principal --server-conn-timeout --restart-hue --hue-unit --force --allow-invalid-utf8 --cm-url --cm-user --cm-password-file --cm-password-stdin --cm-ca-file --cm-insecure --cm-timeout --cluster --hue-service --impala-service --set-impala-load-balancer --impalad --balancer --haproxy-version --listen --balance --allow --admin-listen --kerberos-keytab --kerberos-principal --kerberos-client --spec --haproxy-config --agent-config --unit-dir --state-dir --json --lang --color --verbose --version --help"
      ;;
    "discover")
      options="--answers --cm-url --cm-user --cm-password-file --cm-password-stdin --cm-ca-file --cm-insecure --cm-timeout --cluster --hue-service --impala-service --json --lang --color --verbose --help"
      ;;
    "balancer run")
      options="--socket --log-format --tls-certificate --tls-key --tls-key-password-file --impala-tls --impala-ca-file --impalad --listen --balance --allow --admin-listen --kerberos-keytab --kerberos-principal --kerberos-client --spec --json --lang --color --verbose --help"
      ;;
    "balancer check")
      options="--spec --json --lang --color --verbose --help"
      ;;
    "balancer status")
      options="--socket --spec --json --lang --color --verbose --help"
      ;;
    "balancer drain")
      options="--socket --wait --spec --json --lang --color --verbose --help"
      ;;
    "balancer drain "*)
      options="--socket --wait --spec --json --lang --color --verbose --help"
      ;;
    "balancer ready")
      options="--socket --spec --json --lang --color --verbose --help"
      ;;
    "balancer ready "*)
      options="--socket --spec --json --lang --color --verbose --help"
      ;;
    "balancer reload")
      options="--socket --spec --json --lang --color --verbose --help"
      ;;
    "haproxy print")
      options="--answers --cm-url --cm-user --cm-password-file --cm-password-stdin --cm-ca-file --cm-insecure --cm-timeout --cluster --hue-service --impala-service --impalad --haproxy-version --listen --balance --allow --admin-listen --spec --json --lang --color --verbose --help"
      ;;
    "haproxy check")
      options="--haproxy-config --json --lang --color --verbose --help"
      ;;
    "keepalived print")
      options="--interface --virtual-ip --own-ip --peer-ip --router-id --preferred --listen --json --lang --color --verbose --help"
      ;;
    "doctor")
      options="--answers --target --hue-ini --server-host --server-port --impala-principal --server-conn-timeout --restart-hue --hue-unit --force --allow-invalid-utf8 --cm-url --cm-user --cm-password-file --cm-password-stdin --cm-ca-file --cm-insecure --cm-timeout --cluster --hue-service --impala-service --balancer --spec --haproxy-config --state-dir --json --lang --color --verbose --help"
      ;;
    "undo")
      options="--non-interactive --dry-run --check --yes --cm-url --cm-user --cm-password-file --cm-password-stdin --cm-ca-file --cm-insecure --cm-timeout --cluster --hue-service --impala-service --state-dir --json --lang --color --verbose --help"
      ;;
    "sync")
      options="--dry-run --check --answers --cm-url --cm-user --cm-password-file --cm-password-stdin --cm-ca-file --cm-insecure --cm-timeout --cluster --hue-service --impala-service --balancer --haproxy-version --spec --haproxy-config --state-dir --json --lang --color --verbose --help"
      ;;
    "config show")
      options="--answers --target --hue-ini --server-host --server-port --impala-principal --server-conn-timeout --restart-hue --hue-unit --force --allow-invalid-utf8 --cm-url --cm-user --cm-password-file --cm-password-stdin --cm-ca-file --cm-insecure --cm-timeout --cluster --hue-service --impala-service --set-impala-load-balancer --impalad --balancer --haproxy-version --listen --balance --allow --admin-listen --kerberos-keytab --kerberos-principal --kerberos-client --spec --haproxy-config --agent-config --unit-dir --state-dir --json --lang --color --verbose --help"
      ;;
    "completion")
      words="bash zsh"
      options="--json --lang --color --verbose --help"
      ;;
    "completion "*)
      options="--json --lang --color --verbose --help"
      ;;
  esac
  [[ -z $cur && -n $words ]] || words+=" $options"
  _hue_impala_setup_reply -W "$words"
}

# what compgen finds for the current word, a line each
_hue_impala_setup_reply() {
  local match
  COMPREPLY=()
  while IFS= read -r match; do
    COMPREPLY+=("$prefix$match")
  done < <(compgen "$@" -- "$cur")
}

complete -F _hue_impala_setup hue-impala-setup
