# shellcheck shell=bash
# bash completion for dandelion(1)
_dandelion() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command='' word
  local global='--config --quiet --verbose --log-format --color --help'
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in init|keygen|discover|check|run|extract|archive|publish|schedule|mirrors|status|serve|stats) command=$word; break ;; esac
  done
  case $previous in
    -c|--config) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --log-format) mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$current"); return ;;
    --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current"); return ;;
    --format)
      local formats='json markdown html text page'
      [[ $command != archive ]] || formats='md html epub text page warc wacz'
      mapfile -t COMPREPLY < <(compgen -W "$formats" -- "$current"); return ;;
    -o|--output|--from|--key) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --fallback) mapfile -t COMPREPLY < <(compgen -W 'wayback' -- "$current"); return ;;
    --form) mapfile -t COMPREPLY < <(compgen -W 'cron systemd' -- "$current"); return ;;
    --site|--mirror|--proxy|--limit|--depth|--port|--url|--category) return ;;
  esac
  local options=$global
  case $command in
    '') options="init keygen discover check run extract archive publish schedule mirrors status serve stats $global --version" ;;
    run) options="--site --no-push --dry-run --limit $global" ;;
    extract) options="--url --format --site --category --batch $global" ;;
    archive) options="--output --from --format --depth --same-site --limit --fallback --browser --no-sandbox --publish --force --list --check --key $global" ;;
    publish) options="--site --mirror --dry-run $global" ;;
    schedule) options="--form $global" ;;
    mirrors) options="list check create remove --proxy --json --yes $global" ;;
    status) options="--json $global" ;;
    serve) options="--port $global" ;;
    stats) options="--format --top $global" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  case $command in init|keygen|extract|serve|stats) [[ $current == -* ]] || mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current") ;; esac
}
complete -o filenames -F _dandelion dandelion
