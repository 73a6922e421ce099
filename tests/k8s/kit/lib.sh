# What the kit's programs share: where things are, starting and ending processes, waiting. To be sourced.
# shellcheck shell=bash

kit="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$kit/../../.." && pwd)"
# Built parts and images. Runs of the kit keep their state elsewhere: see `state` in each program.
cache="${WEIR_TEST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/weir-tests}/k8s"

kubernetes_version=1.34.4
etcd_version=3.6.5
helm_version=3.19.5
coredns_version=1.13.1
seaweedfs_version=4.48
skipper_version=0.22.0
minio_version=v0.0.0-20260212201848-7aac2a2c5b7c
# Whose resources the chart may make beside Kubernetes' own.
gateway_api=sigs.k8s.io/gateway-api@v1.4.0
prometheus_operator=github.com/prometheus-operator/prometheus-operator@v0.85.0
cert_manager=github.com/cert-manager/cert-manager@v1.19.1

kubernetes="$cache/kubernetes-$kubernetes_version"
etcd="$cache/etcd-$etcd_version"
helm="$cache/helm-$helm_version"
coredns="$cache/coredns-$coredns_version"
skipper="$cache/skipper-$skipper_version"
# Where the whole-process tests have it, too.
seaweedfs="$(dirname "$cache")/seaweedfs-$seaweedfs_version"
minio="$cache/minio-$minio_version"
definitions="$cache/definitions-1"
# To be counted up when what the images are made of changes.
images="$cache/images-1"

say() { echo "kit: $*" >&2; }

# until_true SECONDS WHAT COMMAND…: waits for a command to succeed, looking five times a second.
until_true() {
    local deadline=$((SECONDS + $1)) what="$2"
    shift 2
    until "$@" >/dev/null 2>&1; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            say "waited in vain for $what"
            return 1
        fi
        sleep 0.2
    done
}

# running PIDFILE: whether the process that the file names is alive.
running() { [ -f "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

# finish PIDFILE SIGNAL: ends the process that the file names, by force after ten seconds.
finish() {
    if running "$1"; then
        local process
        process="$(cat "$1")"
        kill "-$2" "$process" 2>/dev/null || true
        for _ in $(seq 100); do
            kill -0 "$process" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "$process" 2>/dev/null || true
    fi
    rm -f "$1"
}
