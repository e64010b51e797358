// attack_main.c - `racelab attack` as a program of its own, with no harness.
#include "attack/attack.h"

int main(int argc, char **argv) {
    return attack(argc, argv);
}
