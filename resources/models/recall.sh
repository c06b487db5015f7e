#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Trains a model of the recall task, in stages of which each begins with the model of the last:
#     sh resources/models/recall.sh TIMESTEP FOLDER WAY SEED OPTION...
# TIMESTEP: the program; FOLDER: for the stages, of which 5 is the last; WAY: match or grow, 2,500
# steps of 64 prompts either; OPTION: what the model is, as `timestep train` takes it.
set -e
if [ $# -lt 6 ]; then
    echo "use: sh $0 TIMESTEP FOLDER match|grow SEED OPTION..." >&2
    exit 2
fi
program=$1
folder=$2
way=$3
seed=$4
shift 4
mkdir -p "$folder"

# stage NUMBER STEPS OPTION...
stage() {
    number=$1
    steps=$2
    shift 2
    "$program" train --task recall --seed "$seed" --batch 64 --sub-batches 1 --warm-up 50 --steps "$steps" \
        --log "$folder/$number.csv" -o "$folder/$number" "$@"
}

# go_on NUMBER STEPS OPTION...
go_on() {
    stage "$@" --begin-with "$folder/$(($1 - 1))"
}

case $way in
match) # every token of prompts that ask often; then keys of which only the digit, harder to match, tells them apart
    stage 1 600 "$@" --count all --max-pairs 8 --questions 16 --learning-rate 0.003
    go_on 2 500 --count all --min-pairs 2 --max-pairs 6 --keys one-letter --questions 16 --learning-rate 0.003
    go_on 3 300 --count all --max-pairs 8 --questions 16 --learning-rate 0.003
    go_on 4 500 --max-pairs 16 --questions 8 --learning-rate 0.003
    go_on 5 600 --max-pairs 32 --questions 8 --learning-rate 0.002
    ;;
grow) # answers alone, more and more pairs
    stage 1 900 "$@" --min-pairs 2 --max-pairs 2 --questions 8 --learning-rate 0.005
    go_on 2 500 --max-pairs 4 --questions 8 --learning-rate 0.005
    go_on 3 400 --max-pairs 8 --questions 8 --learning-rate 0.005
    go_on 4 300 --max-pairs 16 --questions 8 --learning-rate 0.003
    go_on 5 400 --max-pairs 32 --questions 8 --learning-rate 0.002
    ;;
*)
    echo "WAY is match or grow, not $way" >&2
    exit 2
    ;;
esac
